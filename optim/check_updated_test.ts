import { assertEquals, assertThrows } from "@std/assert";
import { full } from "../core/creation.ts";
import type { Tensor } from "../core/tensor.ts";
import { tensor } from "../core/creation.ts";
import { chain } from "./chain.ts";
import { applyRule, beginRule } from "./check_updated.ts";
import type { UpdateRule, UpdateState } from "./update_rule.ts";
import { adam } from "./adam.ts";
import { sgd } from "./updates.ts";

const action = 'train "mlp"';
const params = { hidden: { W: tensor([[1, 2]]), b: tensor([3]) } };
const state: UpdateState = { step: full([], 0, { dtype: "i32" }) };

/** A rule of one's own that returns something. */
function own(updated: unknown, begun: unknown = state): UpdateRule {
  return { name: "own", init: () => begun, update: () => updated } as UpdateRule;
}

Deno.test("rules that return parameters and a counted state are taken as they are", () => {
  for (const rule of [adam(), chain(sgd())]) {
    const begun = beginRule(action, rule, params);
    const after = applyRule(action, rule, { gradients: params, state: begun, params });
    assertEquals(after.params.hidden.W.shape, [1, 2]);
  }
});

Deno.test("a state without the number of steps is refused", () => {
  const expected =
    'Cannot train "mlp": expected init of the update rule own to return a state { step, … }, in which step is ' +
    "the number of steps done, an i32 scalar, got ";
  const floats = { step: tensor(0) };
  for (const begun of [null, 5, {}, { step: 0 }, floats, { step: full([1], 0, { dtype: "i32" }) }, []]) {
    assertThrows(() => beginRule(action, own({}, begun), params), TypeError, expected);
  }
});

Deno.test("a rule that does not count its steps is refused: it would learn from the first batch for ever", () => {
  const apply = (updated: unknown) => applyRule(action, own(updated), { gradients: params, state, params });
  const counted = { step: state.step.add(1) };
  assertEquals(apply({ params, state: counted }).state, counted);
  assertThrows(
    () => apply({ params, state }),
    TypeError,
    "expected update of the update rule own to count the steps, such as by step: state.step.add(1), got the same number again",
  );
  for (const updated of [undefined, 5, {}, { params }, { params, state: {} }, params.hidden.W]) {
    assertThrows(() => apply(updated), TypeError, "update of the update rule own to return { params, state }");
  }
});

Deno.test("parameters of another form are refused with what differs", () => {
  const apply = (changed: unknown) =>
    applyRule(action, own({ params: changed, state: { step: state.step.add(1) } }), {
      gradients: params,
      state,
      params,
    });
  const { W, b } = params.hidden;
  assertThrows(
    () => apply({ hidden: { W } }),
    TypeError,
    "to return params of the form of the parameters, hidden/W, hidden/b, got { hidden: ",
  );
  assertThrows(
    () => apply({ hidden: { W, b: b.reshape([1, 1]) } }),
    TypeError,
    "to return params with hidden/b of f32[1], got f32[1, 1]",
  );
  assertThrows(
    () => apply({ hidden: { W: W.cast("i32"), b } }),
    TypeError,
    "with hidden/W of f32[1, 2], got i32[1, 2]",
  );
});

Deno.test("a part of a chain that returns something else is refused with its name", () => {
  const composed = (result: unknown) => chain({ name: "signs", init: () => ({}), apply: () => result as never }, sgd());
  const update = (result: unknown) => {
    const rule = composed(result);
    return rule.update(params, rule.init(params), params);
  };
  for (const result of [undefined, 5, {}, { gradients: params, params }]) {
    assertThrows(
      () => update(result),
      TypeError,
      "Cannot update by chain(signs, sgd): expected signs to return a record such as { gradients, params, state }, got",
    );
  }
  const signs = (leaf: Tensor) => leaf.sign();
  assertThrows(
    () => update({ gradients: { hidden: { W: signs(params.hidden.W) } }, params, state: {} }),
    TypeError,
    "expected signs to return gradients of the form of the parameters",
  );
});

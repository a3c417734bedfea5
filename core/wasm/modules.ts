/**
 * All modules that core/mod.ts loads from core/wasm/, so that they are read side by side. Written by scripts/module_lists.ts.
 *
 * @module
 */

import "./backend.ts";
import "./encode/assembler.ts";
import "./encode/bytes.ts";
import "./encode/lanes.ts";
import "./encode/opcodes.ts";
import "./encode/relaxed.ts";
import "./encode/shared_memory.ts";
import "./kernels.ts";
import "./native_products.ts";
import "./product/chunk_packing.ts";
import "./product/general_packing.ts";
import "./product/micro_kernel.ts";
import "./product/packing.ts";
import "./product/panel_writer.ts";
import "./product/point_packing.ts";
import "./product/product.ts";
import "./product/run_packing.ts";
import "./product/scattered_columns.ts";
import "./run/executable.ts";
import "./run/held_instances.ts";
import "./run/instance.ts";
import "./run/memory.ts";
import "./run/threads.ts";
import "./run/worker_hosts.ts";
import "./scalar/code_scope.ts";
import "./scalar/halves.ts";
import "./scalar/math.ts";
import "./scalar/operations.ts";
import "./scalar/power.ts";
import "./scalar/threefry.ts";
import "./scalar/trigonometry.ts";
import "./schedule/kernel_choice.ts";
import "./schedule/loop_schedule.ts";
import "./schedule/micro_kernels.ts";
import "./schedule/near_memory.ts";
import "./schedule/packed_source.ts";
import "./schedule/product_schedule.ts";
import "./schedule/row_cache.ts";
import "./schedule/scattered_columns.ts";
import "./schedule/skipping.ts";
import "./schedule/split.ts";
import "./schedule/tile_sizes.ts";
import "./steps.ts";
import "./write/accumulators.ts";
import "./write/expressions.ts";
import "./write/iteration.ts";
import "./write/known_counters.ts";
import "./write/loads.ts";
import "./write/loops.ts";
import "./write/record_index.ts";

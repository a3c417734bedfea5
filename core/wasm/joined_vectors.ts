export function canJoinVectors(): boolean {
  return Reflect.get(globalThis, "JOIN") === true;
}

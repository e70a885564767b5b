// What scripts may throw to say more than that something failed.
import { ErrorClass, defineProperty, freeze } from "./primordials.js";

/** `throw new Retry("…")`: undo all that this call did, and try again later. */
export class Retry extends ErrorClass {}
defineProperty(Retry.prototype, "name", { value: "Retry" });
freeze(Retry.prototype);

/** What `session.rollback()` throws. */
export class RolledBack extends ErrorClass {
  constructor() {
    super("the script rolled its session back");
  }
}
defineProperty(RolledBack.prototype, "name", { value: "RolledBack" });
freeze(RolledBack.prototype);

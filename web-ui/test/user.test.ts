// Who may do what.
import { describe, expect, it } from "vitest";
import type { Role } from "../src/api/types";
import { isAtLeast } from "../src/state/user";

describe("roles", () => {
  it("may what those before them may, and nobody is refused where there are no users", () => {
    const user = (role: Role) => ({
      phase: "in" as const,
      user: { name: "a", role },
      isExpired: false,
    });
    expect(isAtLeast(user("viewer"), "operator")).toBe(false);
    expect(isAtLeast(user("operator"), "operator")).toBe(true);
    expect(isAtLeast(user("admin"), "editor")).toBe(true);
    expect(isAtLeast({ phase: "free", user: undefined, isExpired: false }, "admin")).toBe(true);
  });
});

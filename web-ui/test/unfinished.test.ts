// What of a fresh box is not done yet, told apart from mistakes.
import { describe, expect, it } from "vitest";
import type { Finding } from "../src/api/types";
import { unfinishedIn } from "../src/graph/unfinished";

const finding = (code: string, message: string, missing?: string): Finding => ({
  code,
  severity: "error",
  message,
  help: null,
  place: { file: "", line: 1, column: 1, length: 1, path: "$" },
  element: null,
  ...(missing === undefined ? {} : { missing }),
});

describe("a fresh box", () => {
  it("lacks values, ways out and a way in; all else is a mistake", () => {
    const unknown = finding("T0103", "no such property");
    const other = finding("T0104", "said in other words");
    expect(
      unfinishedIn([
        finding("T0104", "PutFile lacks something", "Directory"),
        finding("T0206", "this leads nowhere", "success"),
        finding("T0206", "that leads nowhere", "failure"),
        finding("T0208", "PutFile needs input, and nothing comes"),
        unknown,
        other,
      ]),
    ).toEqual({
      properties: ["Directory"],
      relationships: ["success", "failure"],
      isInputMissing: true,
      others: [unknown, other],
    });
  });
});

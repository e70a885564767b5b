// What the filter of a queue makes of what is typed.
import { describe, expect, it } from "vitest";
import { filterOf } from "../src/queue/filter";

describe("the filter of a queue", () => {
  it("looks for words in the names of files", () => {
    expect(filterOf(" Mountain ")).toEqual({
      expression: "${filename:toLower():contains('mountain')}",
      isName: true,
      isOpen: false,
    });
    expect(filterOf(`it's "so"`).expression).toBe(
      String.raw`\${filename:toLower():contains('it\'s \"so\"')}`.replace("\\$", "$"),
    );
    expect(filterOf("a}b").isName).toBe(true);
  });

  it("takes expressions as they are, and nothing as nothing", () => {
    const expression = "${filename:endsWith('}'):and(${fileSize:gt(7)})}";
    expect(filterOf(expression)).toEqual({ expression, isName: false, isOpen: false });
    expect(filterOf("  ")).toEqual({ expression: "", isName: false, isOpen: false });
  });

  it("knows what does not end", () => {
    for (const text of ["${filename:endsWith(mp3)", "${a:contains('}", "${a:and(${b})"]) {
      expect(filterOf(text)).toEqual({ expression: "", isName: false, isOpen: true });
    }
  });
});

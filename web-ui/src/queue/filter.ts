/** What is typed into the filter of a queue, as the expression that is asked for. */

export interface Filter {
  /** Nothing: all are listed. */
  expression: string;
  /** Whether what was typed is looked for in the names of files. */
  isName: boolean;
  /** Whether an expression begins in it and does not end: nothing would be found. */
  isOpen: boolean;
}

export function filterOf(typed: string): Filter {
  const text = typed.trim();
  if (text === "") return { expression: "", isName: false, isOpen: false };
  if (!text.includes("${")) {
    const name = text.toLowerCase().replaceAll(/['"]/g, String.raw`\$&`);
    const expression = `\${filename:toLower():contains('${name}')}`;
    return { expression, isName: true, isOpen: false };
  }
  const isOpen = isUnclosed(text);
  return { expression: isOpen ? "" : text, isName: false, isOpen };
}

/** Whether a `${` has no `}` of its own, or a text in it no end. */
function isUnclosed(text: string): boolean {
  let depth = 0;
  let quote: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? "";
    if (quote !== undefined) {
      if (sign === "\\") at += 1;
      else if (sign === quote) quote = undefined;
    } else if (sign === "{" && (depth > 0 || text[at - 1] === "$")) depth += 1;
    else if (depth > 0 && sign === "}") depth -= 1;
    else if (depth > 0 && (sign === "'" || sign === '"')) quote = sign;
  }
  return depth > 0;
}

/** Proposes what may be written in an expression: attributes, functions, parameters. */
import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { ExpressionFunction } from "../api/types";
import { placeIn } from "./place";
import type { ParameterInScope } from "../graph/scope";
import { t } from "../messages";

export interface Known {
  attributes: Record<string, string>;
  functions: readonly ExpressionFunction[];
  parameters: readonly ParameterInScope[];
}

const SHOWN_MAX = 60;

export function optionsAt(
  known: Known,
  kind: "attribute" | "function" | "parameter",
): Completion[] {
  switch (kind) {
    case "attribute":
      return [
        ...Object.entries(known.attributes).map(([name, value]) => ({
          label: name,
          type: "variable",
          apply: /^[\w.]+$/.test(name) ? name : `'${name}'`,
          detail: t("attributeValue", { value: value.slice(0, SHOWN_MAX) }),
        })),
        ...known.functions.filter((each) => each.subject === null).map(optionOf),
      ];
    case "function":
      return known.functions.filter((each) => each.subject !== null).map(optionOf);
    case "parameter":
      return known.parameters.map(({ name, context, description }) => ({
        label: name,
        type: "constant",
        apply: /^[\w.-]+$/.test(name) ? name : `'${name}'`,
        detail: t("parameterValue", { context }),
        info: description === "" ? undefined : description,
      })) as Completion[];
  }
}

function optionOf(each: ExpressionFunction): Completion {
  const named = each.arguments.map((argument) =>
    argument.optional ? `${argument.name}?` : argument.name,
  );
  const example = each.example === null ? "" : `\n${each.example}`;
  return {
    label: each.name,
    type: "function",
    apply: each.arguments.length === 0 ? `${each.name}()` : `${each.name}(`,
    detail: `(${named.join(", ")}) → ${each.returns}`,
    info: `${each.description}${example}`,
  };
}

export function completing(known: () => Known) {
  return (context: CompletionContext): CompletionResult | null => {
    const text = context.state.doc.toString();
    const place = placeIn(text, context.pos);
    if (!place) return null;
    return { from: place.from, options: optionsAt(known(), place.kind), validFor: /^[\w.-]*$/ };
  };
}

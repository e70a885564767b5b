/** Python in the editor; loaded with the first script in it. */
import { python } from "@codemirror/lang-python";
import { indentUnit } from "@codemirror/language";
import type { Lists } from "./known";
import lists from "./stubs/python.json";

export const support = [python(), indentUnit.of("    ")];
export const known = lists as unknown as Lists;

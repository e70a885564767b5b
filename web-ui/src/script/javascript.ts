/** JavaScript and TypeScript in the editor; loaded with the first script in it. */
import { javascript } from "@codemirror/lang-javascript";
import { indentUnit } from "@codemirror/language";
import type { Lists } from "./known";
import lists from "./stubs/javascript.json";

// Types are taken out of scripts, so they may be there.
export const support = [javascript({ typescript: true }), indentUnit.of("  ")];
export const known = lists as unknown as Lists;

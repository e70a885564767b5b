/** A flow for a folder of recordings: nothing in it is changed, what is found out lies beside it. */
import type { JsonObject } from "../api/types";

export const PICK_UP = "Pick up recordings";

/** A name for the flow of a folder: the last one in its path, however the machine of the server
 * separates them, without what no flow may be called. */
export function nameOfFolder(path: string): string {
  const last = path.split(/[\\/]/).findLast((each) => each !== "") ?? "";
  const name = last
    .replaceAll(/[^\p{L}\p{N}_.]+/gu, "-")
    .replace(/^[.-]+/, "")
    .replace(/[.-]+$/, "");
  return name === "" ? "music" : name.slice(0, 60);
}

/** A name for a flow that no other has. */
export function freeFlowName(wanted: string, taken: readonly string[]): string {
  const isTaken = (name: string) => taken.includes(name);
  if (!isTaken(wanted)) return wanted;
  let number = 2;
  while (isTaken(`${wanted}-${String(number)}`)) number += 1;
  return `${wanted}-${String(number)}`;
}

/** What would be a parameter or an expression is only a name here. */
const plain = (path: string) => path.replaceAll("#{", "##{");

export function folderFlow(name: string, folder: string, description: string): JsonObject {
  const input = plain(folder.replace(/(?<=.)[\\/]+$/, ""));
  return {
    format: 1,
    name,
    description,
    processors: {
      [PICK_UP]: {
        type: "GetFile",
        properties: {
          Directory: input,
          "File Filter": "(?i)[^.].*\\.(wav|wave|aif|aiff|flac|mp3|ogg|oga|m4a|mp4|mkv|webm)",
          "Keep Source File": "true",
        },
      },
      // What fails is told as a bulletin; the recording itself is still in its folder.
      Decode: { type: "DecodeAudio", autoTerminate: ["failure"] },
      "Extract features": {
        type: "ExtractFeatures",
        properties: { Preset: "score" },
        autoTerminate: ["failure"],
      },
      "Keep features": {
        type: "PutFile",
        properties: {
          // Below it as the recordings lie below theirs.
          Directory: `${input.replaceAll("${", "$${")}-features/\${path}`,
          "Conflict Resolution Strategy": "replace",
        },
        autoTerminate: ["failure", "success"],
      },
    },
    connections: [
      { from: PICK_UP, relationships: ["success"], to: "Decode" },
      { from: "Decode", relationships: ["success"], to: "Extract features" },
      { from: "Extract features", relationships: ["success"], to: "Keep features" },
    ],
  };
}

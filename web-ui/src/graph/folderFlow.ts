/** A flow for a folder of recordings: nothing in it is changed, what is found out lies beside it. */
import type { JsonObject } from "../api/types";
import { nearestFlowName } from "./flowNames";

export const PICK_UP = "Pick up recordings";
/** What recordings end in. */
export const ENDINGS: readonly string[] =
  "wav wave aif aiff flac mp3 ogg oga m4a mp4 mkv webm".split(" ");
const KEEP = "Keep features";

/** A name for the flow of a folder: the last one in its path, however the machine of the server
 * separates them. */
export function nameOfFolder(path: string): string {
  const last = path.split(/[\\/]/).findLast((each) => each !== "") ?? "";
  const name = nearestFlowName(last);
  return name === "" ? "music" : name;
}

/** What would be a parameter is only a name here. */
const plain = (path: string) => path.replaceAll("#{", "##{");

/** The same of what would be an expression. A function, as `$$` means one `$` in a text to replace by. */
const withoutExpressions = (path: string) => path.replaceAll("${", () => "$${");

/** Where the recordings of a folder are. */
const directoryOf = (folder: string) => plain(folder.replace(/(?<=.)[\\/]+$/, ""));

/** Where the results go: beside the folder, below it as the recordings lie below theirs. */
const resultsOf = (folder: string) =>
  `${withoutExpressions(directoryOf(folder))}-features/\${path}`;

export function folderFlow(name: string, folder: string, description: string): JsonObject {
  return {
    format: 1,
    name,
    description,
    processors: {
      [PICK_UP]: {
        type: "GetFile",
        properties: {
          Directory: directoryOf(folder),
          "File Filter": `(?i)[^.].*\\.(${ENDINGS.join("|")})`,
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
      [KEEP]: {
        type: "PutFile",
        properties: {
          Directory: resultsOf(folder),
          "Conflict Resolution Strategy": "replace",
        },
        autoTerminate: ["failure", "success"],
      },
    },
    connections: [
      { from: PICK_UP, relationships: ["success"], to: "Decode" },
      { from: "Decode", relationships: ["success"], to: "Extract features" },
      { from: "Extract features", relationships: ["success"], to: KEEP },
    ],
  };
}

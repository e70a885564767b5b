/** When a flow is looked at from so far that one picture is enough. */

/** Whether the group is one that is drawn as an overview when it is far away. */
export function isLarge(boxes: number): boolean {
  return boxes > 300;
}

/** As NiFi has it: farther away than this nobody can read. */
export const FAR = 0.4;

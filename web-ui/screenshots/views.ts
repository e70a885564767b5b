// What there is to see, and how one comes there.
import type { App } from "../e2e/app";
import * as flow from "./flow";
import * as beside from "./beside";

export interface View {
  name: string;
  /** What is to be seen. */
  about: string;
  show: (app: App) => Promise<void>;
  /** What of it also a telephone shows. */
  isSmallToo?: boolean;
}

/** In the order in which one meets them. */
export const VIEWS: View[] = [...beside.FIRST, ...flow.VIEWS, ...beside.LAST];

/** Where tooltips are put: into the dialog that is open, as nothing else is above it. */
import { createContext } from "react";

export const Layer = createContext<HTMLElement | undefined>(undefined);

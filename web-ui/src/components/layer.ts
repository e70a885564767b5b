/** Where tooltips are put: into the dialog that is open, as nothing else is above it. */
import { create } from "zustand";
import { createContext } from "react";

export const Layer = createContext<HTMLElement | undefined>(undefined);

/** The dialogs that are open, the topmost last: what lies beside them can be neither seen nor used. */
export const useDialogs = create<{ open: readonly HTMLElement[] }>(() => ({ open: [] }));

/** A dialog is open until what is handed back is called. */
export function opened(dialog: HTMLElement): () => void {
  useDialogs.setState(({ open }) => ({ open: [...open, dialog] }));
  return () => {
    useDialogs.setState(({ open }) => ({ open: open.filter((each) => each !== dialog) }));
  };
}

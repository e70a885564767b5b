/** A tooltip that is shown: loaded with the first one. */
import { useContext } from "react";
import { createPortal } from "react-dom";
import * as Tooltip from "@radix-ui/react-tooltip";
import { Layer } from "./layer";

interface Props {
  id: string;
  anchor: HTMLElement;
  text: string;
  shortcut: string | undefined;
  onEnter: () => void;
  onLeave: () => void;
  onClose: () => void;
}

export default function Tip({ id, anchor, text, shortcut, onEnter, onLeave, onClose }: Props) {
  const layer = useContext(Layer);
  const { left, top, width, height } = anchor.getBoundingClientRect();
  return (
    <Tooltip.Provider>
      <Tooltip.Root
        open
        onOpenChange={(isOpen) => {
          if (!isOpen) onClose();
        }}
      >
        {/* In the place of what it is about, which so is not drawn anew when this comes. */}
        {createPortal(
          <Tooltip.Trigger asChild>
            <span className="tooltip-anchor" style={{ left, top, width, height }} aria-hidden />
          </Tooltip.Trigger>,
          layer ?? document.body,
        )}
        <Tooltip.Portal container={layer}>
          <Tooltip.Content
            id={id}
            className="tooltip"
            sideOffset={6}
            collisionPadding={8}
            onPointerEnter={onEnter}
            onPointerLeave={onLeave}
          >
            {text}
            {shortcut ? <kbd className="key">{shortcut}</kbd> : null}
          </Tooltip.Content>
        </Tooltip.Portal>
      </Tooltip.Root>
    </Tooltip.Provider>
  );
}

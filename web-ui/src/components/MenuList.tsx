/** What a button's menu lists, under it: loaded with the first one. */
import { useContext, useRef, type ReactNode } from "react";
import * as Menu from "@radix-ui/react-dropdown-menu";
import { Layer } from "./layer";
import type { MenuPlace } from "./MenuButton";

interface Props {
  place: MenuPlace;
  align: "start" | "end";
  children: ReactNode;
}

export function MenuList({ place, align, children }: Props) {
  const { anchor, labelledBy, isByKey, onClose } = place;
  const { left, top, width, height } = anchor.getBoundingClientRect();
  const layer = useContext(Layer);
  const isElsewhere = useRef(false);
  const isEntered = useRef(false);
  return (
    <Menu.Root
      open
      modal={false}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      {/* In the place of the button, which so is not drawn anew when this comes. */}
      <Menu.Trigger asChild>
        <span className="menu-anchor" style={{ left, top, width, height }} aria-hidden />
      </Menu.Trigger>
      <Menu.Portal container={layer}>
        <Menu.Content
          className="menu"
          aria-labelledby={labelledBy}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          onFocus={({ target, currentTarget }) => {
            if (isEntered.current || target !== currentTarget) return;
            isEntered.current = true;
            // The library was not there yet when the key was pressed.
            if (isByKey) currentTarget.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
          }}
          onPointerDownOutside={(event) => {
            // A press on the button closes by itself.
            if (anchor.contains(event.target as Node)) event.preventDefault();
          }}
          onInteractOutside={() => {
            isElsewhere.current = true;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (!isElsewhere.current) anchor.focus();
          }}
        >
          {children}
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}

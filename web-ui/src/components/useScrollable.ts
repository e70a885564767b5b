/** Whether an element has more in it than it shows: then it must be reached by keyboard, too. */
import { useEffect, useState, type RefObject } from "react";

export function useScrollable(ref: RefObject<HTMLElement | null>): boolean {
  const [isScrollable, setScrollable] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const look = () => {
      const { scrollHeight, clientHeight, scrollWidth, clientWidth } = element;
      setScrollable(scrollHeight > clientHeight || scrollWidth > clientWidth);
    };
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    const contents = new MutationObserver(look);
    contents.observe(element, { childList: true, subtree: true, characterData: true });
    look();
    return () => {
      sizes.disconnect();
      contents.disconnect();
    };
  }, [ref]);
  return isScrollable;
}

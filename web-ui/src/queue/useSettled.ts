/** What is typed, once it has rested for a moment: not each key asks the server. */
import { useEffect, useState } from "react";

const REST_MS = 300;

export function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(text);
    }, REST_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [text]);
  return settled;
}

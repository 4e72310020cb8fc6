import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { usePreferences } from "../shell/preferences";

const MORE = 12;
const ROWS = { compact: 28, normal: 32, comfortable: 40 } as const;

interface Rows {
  /** Of what scrolls. */
  readonly ref: RefObject<HTMLDivElement | null>;
  /** The rows that are drawn. */
  readonly first: number;
  readonly last: number;
  /** The height of a row. */
  readonly row: number;
  /** Scrolls until a row shows. */
  readonly reveal: (index: number) => void;
}

/** The rows of a long list that show, with some around; the others are not drawn. They are as high as the density says. */
export function useRows(count: number, height?: number): Rows {
  const density = usePreferences().density;
  const row = height ?? ROWS[density];
  const ref = useRef<HTMLDivElement>(null);
  const [[first, last], setRange] = useState<readonly [number, number]>([0, 3 * MORE]);
  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    const look = () => {
      const top = Math.floor(box.scrollTop / row);
      setRange([Math.max(0, top - MORE), top + Math.ceil(box.clientHeight / row) + MORE]);
    };
    const watch = new ResizeObserver(look);
    watch.observe(box);
    box.addEventListener("scroll", look, { passive: true });
    return () => {
      watch.disconnect();
      box.removeEventListener("scroll", look);
    };
  }, [row]);
  const reveal = useCallback(
    (index: number) => {
      const box = ref.current;
      if (!box) return;
      const [top, bottom] = [index * row, (index + 2) * row];
      if (top < box.scrollTop) box.scrollTop = top;
      else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
    },
    [row],
  );
  return { ref, first: Math.min(first, count), last: Math.min(last, count), row, reveal };
}

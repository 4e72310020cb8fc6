import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { save } from "../parts/save";
import { cypher, type Format, json, svg } from "./export";
import { coloursNow } from "./Picture";
import type { Placed } from "./placing";
import type { Renderer } from "./renderer";
import { useExplorerWords } from "./words";

const FORMATS: readonly Format[] = ["png", "svg", "json", "cypher"];

/** Saves what shows as a file. */
export function SaveMenu({ placed, renderer }: { placed: Placed; renderer: Renderer | undefined }) {
  const t = useExplorerWords();
  const { slice, positions } = placed;
  const name = `graph-${new Date().toISOString().slice(0, 10)}`;
  const acts: Record<Format, () => void> = {
    png: () => renderer?.png((picture) => picture && save(`${name}.png`, "image/png", picture)),
    svg: () => save(`${name}.svg`, "image/svg+xml", svg(slice, positions, coloursNow())),
    json: () => save(`${name}.json`, "application/json", json(slice, positions)),
    cypher: () => save(`${name}.cypher`, "text/plain", cypher(slice)),
  };
  return (
    <MenuTrigger>
      <AriaButton className="button">
        {t.save}
        <span aria-hidden="true">▾</span>
      </AriaButton>
      <Popover className="popover">
        <Menu aria-label={t.save} onAction={(key) => acts[key as Format]()}>
          {FORMATS.filter((format) => renderer || format !== "png").map((format) => (
            <MenuItem key={format} id={format} className="option">
              {t[format]}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

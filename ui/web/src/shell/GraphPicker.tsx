import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { usePlace } from "./graph";
import { useGraphs } from "./graphs";
import { useShellWords } from "./words";

const ALL = "*";

/** Chooses the named graph that pages show. */
export function GraphPicker() {
  const t = useShellWords();
  const { graph, go } = usePlace();
  const { data } = useGraphs();
  return (
    <MenuTrigger>
      <AriaButton className="button quiet" aria-label={`${t.graph}: ${graph ?? t.allGraphs}`}>
        <span className="truncate">{graph ?? t.allGraphs}</span>
        <span aria-hidden="true">▾</span>
      </AriaButton>
      <Popover className="popover">
        <Menu
          aria-label={t.graph}
          selectionMode="single"
          selectedKeys={[graph ?? ALL]}
          onAction={(key) => go({ graph: key === ALL ? undefined : String(key) } as never)}
        >
          <MenuItem id={ALL} className="option" textValue={t.allGraphs}>
            {t.allGraphs}
          </MenuItem>
          {(data?.graphs ?? []).map((one) => (
            <MenuItem key={one.name} id={one.name} className="option" textValue={one.name}>
              <span className="truncate">{one.name}</span>
              <span className="muted" style={{ marginLeft: "auto" }}>
                {one.nodeCount}
              </span>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

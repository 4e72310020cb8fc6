import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import type { Circle } from "./levels";
import { useExplorerWords } from "./words";

const MOST = 200;

interface Props {
  /** All, the largest first. */
  readonly circles: readonly Circle[];
  /** How many of those in the view are not open. */
  readonly closed: number;
  readonly choose: (circle: Circle) => void;
}

/** What circles stand for, and a list of them. */
export function Communities({ circles, closed, choose }: Props) {
  const t = useExplorerWords();
  const listed = circles.slice(0, MOST);
  return (
    <div className="explorer-hint" data-over>
      {closed > 0 && <span>{t.communities(closed)}</span>}
      <MenuTrigger>
        <AriaButton className="button">
          {t.communityList}
          <span aria-hidden="true">▴</span>
        </AriaButton>
        <Popover className="popover explorer-communities" placement="top start">
          <Menu
            aria-label={listed.length < circles.length ? t.largest(listed.length, circles.length) : t.communityList}
            onAction={(place) => {
              const circle = listed[Number(place)];
              if (circle) choose(circle);
            }}
          >
            {listed.map((circle, place) => (
              <MenuItem key={circle.key} id={place} className="option" textValue={circle.title || t.scattered}>
                <span className="truncate" dir="auto">
                  {circle.title.slice(0, 100) || t.scattered}
                </span>
                <span className="muted">{t.members(circle.members.length)}</span>
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
    </div>
  );
}

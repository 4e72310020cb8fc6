import { Button as AriaButton, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from "react-aria-components";
import { type Language, useLanguage } from "../i18n";
import { Icon } from "./Icon";
import { type Density, type Theme, usePreferences } from "./preferences";
import { useShellWords } from "./words";

/** Theme, density and language. */
export function Settings() {
  const t = useShellWords();
  const { theme, density, set } = usePreferences();
  const { language, setLanguage } = useLanguage();
  return (
    <MenuTrigger>
      <AriaButton className="button quiet icon" aria-label={t.settings}>
        <Icon path="M4 7h10M18 7h2M14 5v4M4 12h3M11 12h9M7 10v4M4 17h11M19 17h1M15 15v4" />
      </AriaButton>
      <Popover className="popover">
        <Menu aria-label={t.settings}>
          <Choice<Theme>
            label={t.theme}
            value={theme}
            choose={(next) => set({ theme: next })}
            options={{ system: t.system, light: t.light, dark: t.dark }}
          />
          <Choice<Density>
            label={t.density}
            value={density}
            choose={(next) => set({ density: next })}
            options={{ compact: t.compact, normal: t.normal, comfortable: t.comfortable }}
          />
          <Choice<Language>
            label={t.language}
            value={language}
            choose={setLanguage}
            options={{ en: "English", es: "Español" }}
          />
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: Readonly<Record<T, string>>;
  readonly choose: (value: T) => void;
}

function Choice<T extends string>({ label, value, options, choose }: ChoiceProps<T>) {
  return (
    <MenuSection
      selectionMode="single"
      selectedKeys={[value]}
      disallowEmptySelection
      onSelectionChange={(keys) => {
        const [key] = [...(keys as Set<T>)];
        if (key) choose(key);
      }}
    >
      <Header className="palette-group">{label}</Header>
      {(Object.entries(options) as [T, string][]).map(([key, text]) => (
        <MenuItem key={key} id={key} className="option" textValue={text}>
          {({ isSelected }) => (
            <>
              <span aria-hidden="true" style={{ width: 12 }}>
                {isSelected ? "✓" : ""}
              </span>
              {text}
            </>
          )}
        </MenuItem>
      ))}
    </MenuSection>
  );
}

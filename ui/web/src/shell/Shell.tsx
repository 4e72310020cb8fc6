import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { useConnection } from "../api/connection";
import { useLive } from "../api/live";
import { Button } from "../design/components/Button";
import { GraphPicker } from "./GraphPicker";
import { usePlace } from "./graph";
import { Icon } from "./Icon";
import { type Command, Palette } from "./Palette";
import { PAGES } from "./pages";
import { usePreferences } from "./preferences";
import { Settings } from "./Settings";
import { Shortcuts } from "./Shortcuts";
import { SignIn } from "./SignIn";
import { useShortcuts } from "./shortcuts";
import { useToast } from "./toasts";
import { useShellWords } from "./words";
import "./shell.css";

const GROUPS = ["work", "knowledge", "care", "tools"] as const;

/** The frame around every page: rail, search, palette, settings, and what the connection is like. */
export function Shell() {
  const t = useShellWords();
  const navigate = useNavigate();
  const { graph } = usePlace();
  const { shown, set } = usePreferences();
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const [open, setOpen] = useState<"palette" | "shortcuts" | "menu">();
  useLive(graph);
  const commands = useMemo(
    (): readonly Command[] => [
      {
        name: `${t.theme}: ${shown === "dark" ? t.light : t.dark}`,
        icon: "M12 4v2M12 18v2M4 12h2M18 12h2M8 12a4 4 0 108 0 4 4 0 10-8 0",
        run: () => set({ theme: shown === "dark" ? "light" : "dark" }),
      },
      {
        name: t.shortcuts,
        icon: "M3 7h18v10H3zM7 14h10M7 10h.01M12 10h.01M17 10h.01",
        run: () => setOpen("shortcuts"),
      },
      { name: t.playground, icon: "M8 6l-5 6 5 6M16 6l5 6-5 6", run: () => window.location.assign("/graphql") },
    ],
    [t, shown, set],
  );
  const shortcuts = useMemo(() => {
    const go = (to: string) => () => void navigate({ to, search: graph ? { graph } : {} } as never);
    return {
      "mod+k": () => setOpen("palette"),
      "?": () => setOpen("shortcuts"),
      "/": () => (document.querySelector<HTMLInputElement>("[data-search]") ?? { focus: go("/search") }).focus(),
      ...Object.fromEntries(PAGES.map((page) => [`g ${page.key}`, go(page.path)])),
    };
  }, [navigate, graph]);
  useShortcuts(shortcuts);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes when another page shows
  useEffect(() => setOpen((now) => (now === "menu" ? undefined : now)), [pathname]);
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t.skip}
      </a>
      <nav className={open === "menu" ? "rail open" : "rail"} aria-label={t.navigation}>
        <Link to="/" className="brand">
          <Icon path="M12 3l9 5-9 5-9-5zM3 12l9 5 9-5M3 16l9 5 9-5" />
          StratumIOps
        </Link>
        {GROUPS.map((group) => (
          <ul key={group}>
            {PAGES.filter((page) => page.group === group).map((page) => (
              <li key={page.path}>
                <Link
                  to={page.path as never}
                  search={(graph ? { graph } : {}) as never}
                  className="rail-link"
                  activeOptions={{ exact: page.path === "/", includeSearch: false }}
                >
                  <Icon path={page.icon} />
                  {t[page.name]}
                </Link>
              </li>
            ))}
            {group === "tools" && (
              <li>
                <a className="rail-link" href="/graphql">
                  <Icon path="M8 6l-5 6 5 6M16 6l5 6-5 6" />
                  {t.playground}
                </a>
              </li>
            )}
          </ul>
        ))}
      </nav>
      <header className="bar">
        <span className="menu-button">
          <Button kind="quiet" icon label={t.menu} onPress={() => setOpen(open === "menu" ? undefined : "menu")}>
            <Icon path="M4 7h16M4 12h16M4 17h16" />
          </Button>
        </span>
        <SearchBox />
        <div className="bar-end">
          <GraphPicker />
          <Button kind="quiet" icon label={t.palette} onPress={() => setOpen("palette")}>
            <Icon path="M5 6h14M5 12h9M5 18h6" />
          </Button>
          <Settings />
        </div>
      </header>
      <main className="content" id="content" tabIndex={-1}>
        <ConnectionBanner />
        <Outlet />
      </main>
      <Palette open={open === "palette"} close={() => setOpen(undefined)} commands={commands} />
      <SignIn />
      <Shortcuts open={open === "shortcuts"} close={() => setOpen(undefined)} />
    </div>
  );
}

/** Enter opens the search page with what was typed. */
function SearchBox() {
  const t = useShellWords();
  const navigate = useNavigate();
  const { graph } = usePlace();
  return (
    <search className="bar-search">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const q = String(new FormData(event.currentTarget).get("q") ?? "").trim();
          if (q) void navigate({ to: "/search", search: { q, ...(graph ? { graph } : {}) } } as never);
        }}
      >
        <input
          className="input"
          type="search"
          name="q"
          data-search
          aria-label={t.searchPlaceholder}
          placeholder={`${t.searchPlaceholder}  /`}
        />
      </form>
    </search>
  );
}

/** Says that the connection is lost, quietly, and when it is back. */
function ConnectionBanner() {
  const t = useShellWords();
  const toast = useToast();
  const connection = useConnection();
  const [wasLost, setWasLost] = useState(false);
  useEffect(() => {
    if (connection === "lost") setWasLost(true);
    if (connection === "live" && wasLost) {
      setWasLost(false);
      toast({ text: t.back, tone: "ok" });
    }
  }, [connection, wasLost, toast, t]);
  return (
    <div role="status" aria-live="polite">
      {connection === "lost" && <div className="banner">{t.lost}</div>}
    </div>
  );
}

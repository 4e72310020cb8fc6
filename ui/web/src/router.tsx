import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { Button } from "./design/components/Button";
import { Empty } from "./design/components/States";
import { HomePage } from "./home/HomePage";
import { placeOf } from "./shell/graph";
import { Shell } from "./shell/Shell";
import { useShellWords } from "./shell/words";

const root = createRootRoute({
  component: Shell,
  validateSearch: (search: Record<string, unknown>) => ({ ...search, ...placeOf(search) }),
  notFoundComponent: NotFound,
  errorComponent: Broken,
});

const home = createRoute({ getParentRoute: () => root, path: "/", component: HomePage });

/** A page whose code is fetched when it opens. */
const lazy = <P extends string>(path: P, load: () => Promise<{ Page: () => React.ReactNode }>) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load, "Page") });

/** What stands around every page of the vault. */
const vault = createRoute({
  getParentRoute: () => root,
  path: "/vault",
  component: lazyRouteComponent(() => import("./vault/Frame"), "Frame"),
});

const inVault = <P extends string>(path: P, load: () => Promise<{ Page: () => React.ReactNode }>) =>
  createRoute({ getParentRoute: () => vault, path, component: lazyRouteComponent(load, "Page") });

const routes = root.addChildren([
  home,
  lazy("/graph", () => import("./explorer/Page")),
  lazy("/node/$graph/$id", () => import("./node/Page")),
  lazy("/views", () => import("./views/Page")),
  lazy("/search", () => import("./search/Page")),
  lazy("/decisions", () => import("./decisions/Page")),
  lazy("/journal", () => import("./journal/Page")),
  lazy("/guidelines", () => import("./guidelines/Page")),
  lazy("/tags", () => import("./tags/Page")),
  lazy("/todos", () => import("./todos/Page")),
  lazy("/blocks", () => import("./blocks/Page")),
  lazy("/lint", () => import("./lint/Page")),
  lazy("/conflicts", () => import("./conflicts/Page")),
  lazy("/import", () => import("./imports/Page")),
  vault.addChildren([
    inVault("/", () => import("./vault/status/Page")),
    inVault("/secrets", () => import("./vault/secrets/Page")),
    inVault("/mounts", () => import("./vault/mounts/Page")),
    inVault("/leases", () => import("./vault/leases/Page")),
    inVault("/certificates", () => import("./vault/certificates/Page")),
    inVault("/policies", () => import("./vault/policies/Page")),
    inVault("/audit", () => import("./vault/audit/Page")),
  ]),
]);

/** The addresses of the app. */
export const router = createRouter({ routeTree: routes, defaultPreload: "intent", scrollRestoration: true });

function NotFound() {
  const t = useShellWords();
  return (
    <div className="page">
      <Empty title={t.notFound} level={1}>
        <a href="/">{t.goHome}</a>
      </Empty>
    </div>
  );
}

function Broken({ error }: { error: unknown }) {
  const t = useShellWords();
  return (
    <div className="page">
      <div className="state error" role="alert">
        <strong>{t.broken}</strong>
        <span>{error instanceof Error ? error.message : String(error)}</span>
        <Button onPress={() => window.location.reload()}>{t.reload}</Button>
      </div>
    </div>
  );
}

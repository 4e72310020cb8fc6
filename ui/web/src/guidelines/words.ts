import { words } from "../i18n";

export const useGuidelineWords = words(
  {
    title: "Guidelines",
    topic: "What is it about?",
    shared: "Also inherited ones",
    overridden: "Also overridden ones",
    priority: "Priority",
    from: (graph: string) => `from ${graph}`,
    doesNotApply: "does not apply",
    overriddenBy: "Overridden by",
    overrides: "Overrides",
    empty: "No guideline applies.",
    emptyText: "Guidelines of this graph, and of those that it inherits from, stand here.",
    clear: "Show all guidelines",
    explore: "Open the graph",
  },
  {
    title: "Guías",
    topic: "¿De qué se trata?",
    shared: "También las heredadas",
    overridden: "También las anuladas",
    priority: "Prioridad",
    from: (graph: string) => `de ${graph}`,
    doesNotApply: "no se aplica",
    overriddenBy: "Anulada por",
    overrides: "Anula",
    empty: "No se aplica ninguna guía.",
    emptyText: "Aquí están las guías de este grafo y de los que hereda.",
    clear: "Mostrar todas las guías",
    explore: "Abrir el grafo",
  },
);

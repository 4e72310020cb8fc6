import { words } from "../i18n";

export const usePartsWords = words(
  {
    nothingHere: "Nothing here.",
    drag: (label: string) => `Move ${label}`,
    chart: "Chart",
    table: "Table",
    showAs: "Show as",
    chooseGraph: "Choose a graph",
    chooseText: "This page is about one graph at a time.",
    growth: "Growth",
    nodes: "Nodes",
    when: "When",
  },
  {
    nothingHere: "Nada aquí.",
    drag: (label: string) => `Mover ${label}`,
    chart: "Gráfico",
    table: "Tabla",
    showAs: "Mostrar como",
    chooseGraph: "Elija un grafo",
    chooseText: "Esta página trata de un grafo a la vez.",
    growth: "Crecimiento",
    nodes: "Nodos",
    when: "Cuándo",
  },
);

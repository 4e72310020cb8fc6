// The parts of graphiql/style.css without its inlined Roboto and Fira Code (339 kB gzipped): we use system fonts.
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "./playground.css";

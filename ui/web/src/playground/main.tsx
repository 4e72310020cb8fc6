import { createRoot } from "react-dom/client";
import "./workers";
import "./styles";
import { Playground } from "./Playground";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(<Playground />);

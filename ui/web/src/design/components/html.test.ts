// @vitest-environment jsdom
import { expect, test } from "vitest";
import { htmlOf } from "./html";

const EVIL = [
  "<script>alert(1)</script>",
  "<iframe src='https://evil.example'></iframe>",
  "<img src=x onerror=alert(1)>",
  "[press](javascript:alert(1))",
  "[press](JaVa\tScript:alert(1))",
  "[press](data:text/html,<script>alert(1)</script>)",
  "<a href='&#106;avascript:alert(1)'>x</a>",
  "<svg><script>alert(1)</script></svg>",
  "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
  "<form action=/graphql><input name=q><button>go</button></form>",
  "<div class=overlay style='position:fixed;inset:0' id=root onclick=alert(1)>x</div>",
  '[[x"><img src=x onerror=alert(1)>]]',
  "![a](https://evil.example/pixel.png)",
  "<style>*{display:none}</style><link rel=stylesheet href=//evil.example>",
];

test.each(EVIL)("nothing of %s runs or loads", (text) => {
  const page = document.createElement("div");
  page.innerHTML = htmlOf(text);
  expect(page.querySelector("script,iframe,img,svg,math,style,link,form,input,button,object,embed")).toBeNull();
  for (const element of page.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      expect(name).not.toMatch(/^on|^style$|^class$|^id$/);
      if (name === "href") expect(value).toMatch(/^(https?:|mailto:|\/|#)/);
    }
  }
});

test("wiki links lead to nodes that are known; others are marked", () => {
  const html = htmlOf("See [[The Shop#part|it]] and [[Nowhere]].", new Map([["the shop", "/node/shop/n1"]]));
  expect(html).toContain('<a href="/node/shop/n1">it</a>');
  expect(html).toContain("<span data-unresolved");
  expect(html).toContain(">Nowhere</span>");
});

test("headings begin under those of the page; tasks and code stay", () => {
  const html = htmlOf("# One\n\n- [x] done\n\n`a < b`");
  expect(html).toContain("<h3>One</h3>");
  expect(html).toContain("☑");
  expect(html).toContain("<code>a &lt; b</code>");
});

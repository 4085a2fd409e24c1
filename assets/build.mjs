// Builds what static/ holds from the packages of package.json: run by `./dev assets`, at development time only.
// The results are committed, so neither running nor testing needs Node.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const project = dirname(here);
const target = (...parts) => {
  const path = join(project, ...parts);
  mkdirSync(dirname(path), { recursive: true });
  return path;
};
const write = (path, text) => {
  writeFileSync(target(...path), text);
  console.log(`${path.join("/")}: ${text.length} bytes, ${gzipSync(text, { level: 9 }).length} gz`);
};
const copy = (from, ...path) => copyFileSync(join(modules, ...from), target(...path));

function styles() {
  // Bootstrap 5.3 still speaks @import: its deprecations are not ours to fix.
  const { css } = sass.compile(join(here, "scss", "app.scss"), {
    loadPaths: [modules],
    style: "compressed",
    sourceMap: false,
    quietDeps: true,
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"].filter((id) => id in sass.deprecations),
  });
  write(["static", "css", "app.css"], css);
}

function sprite() {
  const names = readFileSync(join(here, "icons.txt"), "utf8").split("\n").map((line) => line.replace(/#.*/, "").trim()).filter(Boolean);
  const symbols = [...new Set(names)].sort().map((name) => {
    const svg = readFileSync(join(modules, "lucide-static", "icons", `${name}.svg`), "utf8");
    const body = svg.replace(/<!--[^]*?-->/g, "").replace(/^[^]*?<svg[^]*?>/, "").replace(/<\/svg>\s*$/, "");
    return `<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s*\n\s*/g, "").replace(/ \/>/g, "/>").trim()}</symbol>`;
  });
  const note = "<!-- Lucide, ISC licence: static/icons-licence.txt -->";
  write(["static", "icons.svg"], `<svg xmlns="http://www.w3.org/2000/svg">${note}\n${symbols.join("\n")}\n</svg>\n`);
  copy(["lucide-static", "LICENSE"], "static", "icons-licence.txt");
}

function fonts() {
  for (const family of ["bricolage-grotesque", "figtree"]) {
    const source = ["@fontsource-variable", family];
    copy([...source, "files", `${family}-latin-wght-normal.woff2`], "static", "fonts", `${family}.woff2`);
    copy([...source, "LICENSE"], "static", "fonts", `${family}-licence.txt`);
  }
}

function testTools() {
  copy(["axe-core", "axe.min.js"], "tests", "browser", "vendor", "axe.min.js");
  copy(["axe-core", "LICENSE"], "tests", "browser", "vendor", "axe-licence.txt");
}

styles();
sprite();
fonts();
testTools();

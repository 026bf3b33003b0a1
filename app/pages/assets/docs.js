"use strict";

// Beside this page, also where a proxy publishes both under a path of its own.
const OPENAPI = new URL("openapi.json", location.href).href;

const dark = window.matchMedia("(prefers-color-scheme: dark)");

function showSwaggerUi() {
  const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  follow();
  dark.addEventListener("change", follow);
  window.SwaggerUIBundle({
    url: OPENAPI,
    dom_id: "#swagger-ui",
    deepLinking: true,
    displayRequestDuration: true,
    docExpansion: "list",
    persistAuthorization: false,
    tryItOutEnabled: true,
    validatorUrl: null,
  });
}

// ReDoc loads its vendor's logo from another host. These pages use no other host, and ReDoc omits images that do not load.
function blockForeignImages() {
  const image = HTMLImageElement.prototype;
  const { setAttribute } = image;
  const source = Object.getOwnPropertyDescriptor(image, "src");
  const here = (address) => {
    const { origin, protocol } = new URL(address, location.href);
    return origin === location.origin || protocol === "data:" ? address : "data:,";
  };
  image.setAttribute = function (name, value) {
    setAttribute.call(this, name, name === "src" ? here(value) : value);
  };
  Object.defineProperty(image, "src", {
    ...source,
    set(address) {
      source.set.call(this, here(address));
    },
  });
}

const FONTS = {
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  headings: { fontFamily: "inherit", fontWeight: "650" },
  code: { fontFamily: "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace", fontSize: "0.85rem" },
};

function redocTheme() {
  if (!dark.matches) {
    return {
      colors: { primary: { main: "#0b6b5d" } },
      sidebar: { backgroundColor: "#f4f2ec" },
      rightPanel: { backgroundColor: "#1d2529" },
      typography: { ...FONTS, links: { color: "#0b6b5d" }, code: { ...FONTS.code, color: "#9a3412" } },
    };
  }
  return {
    colors: {
      primary: { main: "#6fcfbd" },
      text: { primary: "#e6e4df", secondary: "#a9aeb4" },
      border: { dark: "#3a4046", light: "#2d3237" },
      gray: { 50: "#1b1f23", 100: "#1b1f23" },
      success: { main: "#37a34a" },
      error: { main: "#e5484d" },
    },
    schema: {
      linesColor: "#3a4046",
      nestedBackground: "#1b1f23",
      requireLabelColor: "#ff9d8f",
      typeNameColor: "#a9aeb4",
      typeTitleColor: "#a9aeb4",
    },
    sidebar: { backgroundColor: "#1b1f23", textColor: "#e6e4df", activeTextColor: "#6fcfbd" },
    rightPanel: { backgroundColor: "#0f1215" },
    typography: {
      ...FONTS,
      links: { color: "#6fcfbd", visited: "#6fcfbd", hover: "#a5e3d6" },
      code: { ...FONTS.code, color: "#f0b38a", backgroundColor: "#242a2f" },
    },
  };
}

function showRedoc(element) {
  blockForeignImages();
  dark.addEventListener("change", () => location.reload());
  const { nonce } = element.dataset;
  window.Redoc.init(OPENAPI, { expandResponses: "200", nativeScrollbars: true, nonce, theme: redocTheme() }, element);
}

const reference = document.getElementById("redoc");
if (reference) {
  showRedoc(reference);
} else {
  showSwaggerUi();
}

//! Every rule of the grammar that may stand within itself, as a text of any depth.

/// Something nested in itself, and what stands around all of it.
pub(crate) struct Nesting {
    pub(crate) before: &'static str,
    pub(crate) open: &'static str,
    middle: &'static str,
    close: &'static str,
    after: &'static str,
}

const fn nesting([before, open, middle, close, after]: [&'static str; 5]) -> Nesting {
    Nesting {
        before,
        open,
        middle,
        close,
        after,
    }
}

const fn value(open: &'static str, middle: &'static str, close: &'static str) -> Nesting {
    nesting(["var a = ", open, middle, close, ""])
}

const fn r#type(open: &'static str, middle: &'static str, close: &'static str) -> Nesting {
    nesting(["type a = ", open, middle, close, ""])
}

/// All of them; `a` is the name of what is deep.
pub(crate) const NESTINGS: &[Nesting] = &[
    value("(", "1", ")"),
    value("[", "1", "]"),
    value("[\n", "1", "\n]"),
    value("[...", "a", "]"),
    value("{ a: ", "1", " }"),
    value("{\n  a: ", "1", "\n}"),
    value("{ ...", "a", " }"),
    value("{ a: [", "1", "] }"),
    value("f(", "1", ")"),
    value("f(\n", "1", "\n)"),
    value("a.f(", "1", ")"),
    value("a[", "1", "]"),
    value("a[?^", "1", "]"),
    value("x => ", "1", ""),
    value("() => ", "1", ""),
    value("map(a, x => ", "x", ")"),
    value("a ? 1 : ", "1", ""),
    value("a ? ", "1", " : 1"),
    value("(a ? b : ", "1", ")"),
    value("'${", "1", "}'"),
    value("$'''${", "1", "}'''"),
    value("[for x in y: ", "1", "]"),
    value("[for x in ", "y", ": 1]"),
    value("-(!(", "1", "))"),
    value("(1 + ", "1", ")"),
    value("a ?? (b || ", "c", ")"),
    r#type("(", "int", ")"),
    r#type("(null | ", "int", ")"),
    r#type("[", "int", "]"),
    r#type("{ a: ", "int", " }"),
    r#type("{\n@f()\na: ", "int", "\n}"),
    r#type("[\n  @f()\n  ", "int", "\n]"),
    r#type("a<", "int", ">"),
    r#type("a.b<", "int", ">"),
    nesting(["type a = b[", "c[", "0", "]", "]"]),
    nesting(["@", "a(", "1", ")", "\nparam a string\n"]),
    nesting(["@a", "(b", "(1)", ")", "\nparam a string\n"]),
    nesting(["func a(b ", "[", "int", "]", ") int => 1\n"]),
    nesting(["func a() int => ", "f(", "1", ")", "\n"]),
    nesting(["resource a 'b' = if ", "(", "c", ")", " {}\n"]),
    nesting(["resource a 'b' = [for c in ", "(", "d", ")", ": {}]\n"]),
    nesting(["module a 'b' = { name: ", "[", "c", "]", " }\n"]),
    nesting(["", "resource a 'b' = {\n", "a: 1\n", "}\n", ""]),
    nesting(["", "resource a 'b' = if (c) {\n", "a: 1\n", "}\n", ""]),
    nesting([
        "",
        "resource a 'b' = [for c in d: {\n",
        "a: 1\n",
        "}]\n",
        "",
    ]),
];

impl Nesting {
    pub(crate) fn text(&self, times: usize) -> String {
        [
            self.before,
            &self.open.repeat(times),
            self.middle,
            &self.close.repeat(times),
            self.after,
        ]
        .concat()
    }
}

/// What makes a deep tree without nesting: the start of a chain, and a link.
pub(crate) const CHAINS: &[(&str, &str)] = &[
    ("var a = a", " + a"),
    ("var a = a", " ?? a"),
    ("var a = a", " == a && a"),
    ("var a = a", ".b"),
    ("var a = a", ".?b"),
    ("var a = a", "[0]"),
    ("var a = a", "!"),
    ("var a = a", "::b"),
    ("var a = a", ".f()"),
    ("type a = a", ".b"),
    ("type a = a", "[]"),
    ("type a = a", "[*]"),
    ("type a = a", "? "),
    ("type a = a", "!"),
    ("@a", ".b"),
    ("@a", ".b()"),
];

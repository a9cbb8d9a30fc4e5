//! Syntax errors: the code the reference compiler gives, and our own words.

use std::fmt;

use super::token::Kind;
use crate::text::Span;

/// Something wrong with the text; always of level error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// What is wrong.
    pub kind: SyntaxErrorKind,
    /// Where.
    pub span: Span,
}

/// Defines the kinds of errors, each with its code and its words.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $name:ident = $code:literal, $words:literal;)*) => {
        /// What can be wrong.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum SyntaxErrorKind {
            $($(#[doc = $doc])* $name,)*
            /// A certain token is missing.
            Expected(Kind),
            /// A certain word is missing.
            ExpectedKeyword(Kind),
        }

        impl SyntaxErrorKind {
            /// All codes, some of them more than once. Later phases of the reference compiler give a
            /// few of them too, for other reasons.
            pub const CODES: &'static [&'static str] = &[$($code,)* "BCP018", "BCP012"];

            /// The code, such as `BCP018`; codes of our own start with `TRI`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                    Self::Expected(_) => "BCP018",
                    Self::ExpectedKeyword(_) => "BCP012",
                }
            }
        }

        impl fmt::Display for SyntaxErrorKind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$name => f.write_str($words),)*
                    Self::Expected(kind) => write!(f, "{kind} is missing here"),
                    Self::ExpectedKeyword(kind) => write!(f, "the word {kind} is missing here"),
                }
            }
        }
    };
}

kinds! {
    // ------------------------------------------------------------ characters and tokens
    /// A character that starts no token.
    UnrecognizedCharacter = "BCP001", "this character has no meaning here, remove it";
    /// `/*` without `*/`.
    UnterminatedComment = "BCP002", "this comment never ends, close it with `*/`";
    /// A string runs to the end of the file.
    StringAtEndOfFile = "BCP003", "this string never ends, close it with `'`";
    /// A string, or a hole in one, runs into a line break.
    StringAtLineBreak = "BCP004", "a string cannot go on over a line break, close it before the break or use `'''`";
    /// The file ends after a backslash in a string.
    StringAtBackslash = "BCP005", "the file ends within an escape, finish the escape and the string";
    /// A backslash with a letter that is no escape.
    UnknownEscape = "BCP006", "unknown escape, use one of `\\n`, `\\r`, `\\t`, `\\\\`, `\\'`, `\\$` and `\\u{...}`";
    /// A name of more than 255 characters.
    NameTooLong = "BCP024", "this name is too long, at most 255 characters are allowed";
    /// A `"`.
    DoubleQuote = "BCP103", "strings are put in single quotes, write `'` instead of `\"`";
    /// `\u` without a code point in braces.
    BadUnicodeEscape = "BCP133", "malformed unicode escape, write `\\u{...}` with a hexadecimal number up to 10FFFF";
    /// `'''` without its partner.
    MultiLineStringAtEndOfFile = "BCP140", "this multi-line string never ends, close it with `'''`";
    /// A directive without codes.
    DirectiveWithoutCodes = "BCP226", "the directive names nothing, add the codes or rules it is about";

    // ------------------------------------------------------------ statements
    /// A line that starts with no declaration.
    ExpectedDeclaration = "BCP007", "this starts no declaration, begin the line with a keyword such as `param`, `var` or `resource`";
    /// Something stands between the type of a parameter and the end of the line.
    ExpectedParameterContinuation = "BCP008", "after the type of a parameter comes `=` or the end of the line";
    /// `param` without a name.
    ExpectedParameterName = "BCP013", "the parameter needs a name";
    /// `var` or `func` without a name, or a parameter of a function without one.
    ExpectedVariableName = "BCP015", "a name is missing here";
    /// `output` without a name.
    ExpectedOutputName = "BCP016", "the output needs a name";
    /// `resource` without a name.
    ExpectedResourceName = "BCP017", "the resource needs a symbolic name";
    /// Something stands behind a complete statement.
    ExpectedLineBreak = "BCP019", "a new line has to start here";
    /// `resource name` without a type.
    ExpectedResourceType = "BCP068", "the resource needs a type and version, such as `'Microsoft.Storage/storageAccounts@2023-05-01'`";
    /// `module` without a name.
    ExpectedModuleName = "BCP096", "the module needs a symbolic name";
    /// A module or import without a path.
    ExpectedPath = "BCP097", "the path of a file is missing here, write it as a string";
    /// The body of a resource or module is missing.
    ExpectedBody = "BCP118", "a body is missing here: an object, `if` or `[for ...]`";
    /// `@` without a decorator.
    ExpectedDecorator = "BCP123", "the name of a decorator is missing after `@`";
    /// In a loop of resources or modules something else than an object or `if`.
    ExpectedLoopBody = "BCP167", "the body of this loop has to be an object or `if`";
    /// `extension` without a name or path.
    ExpectedExtension = "BCP201", "the extension needs a name or the path of one as a string";
    /// `as` without a name, of an extension.
    ExpectedExtensionAlias = "BCP202", "a name for the extension is missing here";
    /// `using` with a string that is none.
    MalformedUsingPath = "BCP257", "the path of the Bicep file is malformed";
    /// `metadata` without a name.
    ExpectedMetadataName = "BCP266", "the metadata needs a name";
    /// Something stands behind the specification of an extension.
    ExpectedWithOrAs = "BCP305", "here `with`, `as` or the end of the line is expected";
    /// `type` without a name, or `as` without one in an import.
    ExpectedTypeName = "BCP325", "a name is missing here";
    /// A statement that a parameter file cannot hold.
    NotInParametersFile = "BCP337", "a parameter file cannot hold this, it takes `using`, `extends`, `param`, `var`, `type`, `import`, `extension` and `extensionConfig`";
    /// `assert` without a name.
    ExpectedAssertName = "BCP344", "the assertion needs a name";
    /// `test` without a name.
    ExpectedTestName = "BCP346", "the test needs a name";
    /// `test name` without a path.
    ExpectedTestPath = "BCP347", "the test needs the path of the tested file as a string";
    /// `import` or `using` without anything usable behind it.
    ExpectedImport = "BCP354", "here a list of names in `{ }`, `*` or a path is expected";
    /// Something in an import list is no name.
    ExpectedImportName = "BCP355", "here the name of something that is imported is expected";
    /// `* as` without a name.
    ExpectedNamespaceName = "BCP356", "a name for all that is imported is missing here";
    /// A quoted name without `as`.
    QuotedNameWithoutAlias = "BCP375", "a quoted name needs `as` and a name to be used by";
    /// An interpolated name in an import list.
    InterpolatedImportName = "BCP032", "the name has to be known beforehand, write it without `${...}`";
    /// `extends` without a path.
    ExpectedExtendsPath = "BCP404", "the path of the parameter file that is extended is missing";
    /// Something stands behind the path of `using`.
    ExpectedWith = "BCP436", "here `with` or the end of the line is expected";

    // ------------------------------------------------------------ expressions
    /// A token that starts no expression.
    ExpectedExpression = "BCP009", "a value is missing here";
    /// An integer of more than 64 bits.
    IntegerTooBig = "BCP010", "this number is too big, integers have 64 bits";
    /// A dot without a name behind it.
    ExpectedMemberName = "BCP020", "the name of a property or function is missing here";
    /// A property without a key.
    ExpectedKey = "BCP022", "the name of a property is missing here";
    /// Something stands behind the expression in a hole.
    UnexpectedInHole = "BCP064", "this cannot stand in the hole of a string, which takes one expression";
    /// An object, array or loop where none may stand.
    LiteralNotAllowed = "BCP087", "an object or array cannot be written here, put it in a variable";
    /// `x[]`.
    EmptyIndex = "BCP117", "the index is missing between the brackets";
    /// `[for` without a name.
    ExpectedLoopVariable = "BCP162", "the name of the loop variable, or two names in `( )`, is missing here";
    /// Two items on one line.
    ExpectedSeparator = "BCP236", "a comma or a new line is missing here";
    /// A line break where a comma is needed.
    ExpectedComma = "BCP237", "a comma is missing before this line break";
    /// A comma before a line break.
    CommaAtLineBreak = "BCP238", "a comma or a line break separates items, not both: remove the comma";
    /// Not exactly one expression in parentheses.
    ExpectedOneInParentheses = "BCP243", "parentheses hold exactly one value";
    /// Not exactly two loop variables in parentheses.
    ExpectedTwoLoopVariables = "BCP249", "parentheses after `for` hold exactly two names: the item and its number";
    /// `.?name()`.
    SafeAccessOnCall = "BCP322", "a function cannot be called with `.?`, use `.`";

    // ------------------------------------------------------------ types
    /// A token that starts no type.
    ExpectedType = "BCP279", "a type is missing here";
    /// `|` at the end of a line.
    ExpectedUnionMember = "BCP300", "a type is missing after `|`";
    /// An item of an object type without a key.
    ExpectedTypeKey = "BCP317", "the name of a property, or `*`, is missing here";

    // ------------------------------------------------------------ limits of ours
    /// The nesting is deeper than the parser follows.
    TooDeep = "TRI001", "this is nested too deeply, split it into variables";
    /// The text is longer than positions can say.
    TooLarge = "TRI002", "the file is too large, at most 4 GiB are read";
}

//! From words to what they say. Knows NiFi's grammar: which words are functions, how many arguments
//! each takes, and that a word which is a function cannot be an attribute without quotes.

use crate::ast::{Argument, ArgumentKind, CallSyntax, Chain, Subject};
use crate::error::ParseError;
use crate::functions::{FunctionKind, FunctionSpec, find, is_reserved, similar};
use crate::java::number::parse_double;
use crate::lexer::{Letter, Token, TokenKind, text_of, tokenize};

/// How deep expressions may stand within each other.
pub(crate) const DEPTH_MAX: usize = 64;
/// How many functions one expression may call in turn.
const CALLS_MAX: usize = 256;

/// Parses one expression from its `$` to its `}`; `depth` counts the expressions around it.
pub(crate) fn parse(source: &[Letter], depth: usize) -> Result<Chain, ParseError> {
    let mut parser = Parser { tokens: tokenize(source)?, index: 0, depth };
    let chain = parser.chain()?;
    let token = parser.next();
    if token.kind == TokenKind::End { Ok(chain) } else { Err(unexpected(&token)) }
}

fn unexpected(token: &Token) -> ParseError {
    ParseError::new(token.at, format!("unexpected {}", token.describe()))
}

struct Parser {
    tokens: Vec<Token>,
    index: usize,
    depth: usize,
}

impl Parser {
    fn next(&mut self) -> Token {
        let token = self.peek();
        self.index += 1;
        token
    }

    fn peek(&self) -> Token {
        let last = self.tokens.len().saturating_sub(1);
        self.tokens
            .get(self.index.min(last))
            .cloned()
            .unwrap_or(Token { kind: TokenKind::End, at: 0 })
    }

    fn peek_is(&self, mark: char) -> bool {
        matches!(self.tokens.get(self.index), Some(token) if token.kind == TokenKind::Mark(mark))
    }

    fn eat(&mut self, mark: char) -> bool {
        let found = self.peek_is(mark);
        self.index += usize::from(found);
        found
    }

    fn expect(&mut self, mark: char) -> Result<(), ParseError> {
        if self.eat(mark) {
            return Ok(());
        }
        let token = self.peek();
        Err(unexpected(&token).with_help(format!("expected '{mark}'")))
    }

    fn chain(&mut self) -> Result<Chain, ParseError> {
        self.expect('$')?;
        self.expect('{')?;
        self.depth += 1;
        let token = self.peek();
        if self.depth > DEPTH_MAX {
            return Err(ParseError::new(token.at, "expressions are nested too deep")
                .with_help(format!("at most {DEPTH_MAX} may stand within each other")));
        }
        let subject = self.subject()?;
        let mut calls = Vec::new();
        while self.eat(':') {
            if calls.len() == CALLS_MAX {
                return Err(ParseError::new(self.peek().at, "too many functions are called")
                    .with_help(format!("at most {CALLS_MAX} may follow each other")));
            }
            calls.push(self.method()?);
        }
        self.expect('}')?;
        self.depth -= 1;
        Ok(Chain { subject, calls, at: token.at })
    }

    fn subject(&mut self) -> Result<Subject, ParseError> {
        let token = self.next();
        match token.kind {
            TokenKind::Quoted(name) => Ok(Subject::Attribute(name)),
            TokenKind::Parameter => self.parameter().map(Subject::Parameter),
            TokenKind::Mark('$') => {
                self.index -= 1;
                self.chain().map(|chain| Subject::Nested(Box::new(chain)))
            }
            TokenKind::Name(ref name) => {
                for kind in [FunctionKind::Standalone, FunctionKind::ManyAttributes] {
                    if let Some(function) = find(name, kind) {
                        return self.call(function, token.at).map(Subject::Function);
                    }
                }
                if self.peek_is('(') && !is_reserved(name) {
                    return Err(unknown(name, token.at));
                }
                if is_reserved(name) {
                    return Err(unexpected(&token)
                        .with_help(format!("write ${{'{name}'}} for the attribute of this name")));
                }
                Ok(Subject::Attribute(
                    name.chars()
                        .enumerate()
                        .map(|(index, c)| Letter { c, at: token.at + index })
                        .collect(),
                ))
            }
            _ => Err(unexpected(&token).with_help("expected an attribute or a function")),
        }
    }

    /// The name of a parameter; `#{` is behind.
    fn parameter(&mut self) -> Result<String, ParseError> {
        let token = self.next();
        let name = match token.kind {
            TokenKind::Quoted(name) => text_of(&name),
            TokenKind::Name(name) if !is_reserved(&name) => name,
            _ => return Err(unexpected(&token).with_help("expected the name of a parameter")),
        };
        if self.eat('}') {
            return Ok(name);
        }
        Err(unexpected(&self.peek())
            .with_help("put a parameter name with special characters into quotes: #{'my name'}"))
    }

    fn method(&mut self) -> Result<CallSyntax, ParseError> {
        let token = self.next();
        let TokenKind::Name(name) = &token.kind else {
            return Err(unexpected(&token).with_help("expected a function after ':'"));
        };
        match find(name, FunctionKind::Method) {
            Some(function) => self.call(function, token.at),
            None if is_reserved(name) => {
                Err(unexpected(&token).with_help(format!("'{name}' cannot be called on a value")))
            }
            None => Err(unknown(name, token.at)),
        }
    }

    fn call(
        &mut self,
        function: &'static FunctionSpec,
        at: usize,
    ) -> Result<CallSyntax, ParseError> {
        self.expect('(')?;
        let mut arguments = Vec::new();
        if function.name == "toDate" && self.eat(',') {
            // NiFi's grammar takes a lone second argument for the first.
            arguments.push(self.argument(function)?);
        } else if !self.peek_is(')') {
            arguments.push(self.argument(function)?);
            while self.eat(',') {
                arguments.push(self.argument(function)?);
            }
        }
        self.expect(')')?;
        if !function.takes(arguments.len()) {
            return Err(ParseError::new(
                at,
                format!("'{}' takes {}, not {}", function.name, function.count(), arguments.len()),
            )
            .with_help(format!("it is called {}", function.usage())));
        }
        Ok(CallSyntax { function, arguments, at })
    }

    fn argument(&mut self, function: &FunctionSpec) -> Result<Argument, ParseError> {
        let token = self.next();
        let at = token.at;
        let is_for_many = function.kind == FunctionKind::ManyAttributes;
        let is_for_constant = function.name == "hostname";
        let kind = match token.kind {
            TokenKind::Quoted(text) if !is_for_constant => ArgumentKind::Text(text),
            TokenKind::Mark('$') if !is_for_constant => {
                self.index -= 1;
                ArgumentKind::Chain(Box::new(self.chain()?))
            }
            _ if is_for_many => {
                return Err(unexpected(&token).with_help("expected a text in quotes"));
            }
            TokenKind::Name(ref name) if name == "true" => ArgumentKind::Boolean(true),
            TokenKind::Name(ref name) if name == "false" => ArgumentKind::Boolean(false),
            _ if is_for_constant => {
                return Err(unexpected(&token).with_help("expected true or false"));
            }
            TokenKind::Whole(ref text) => ArgumentKind::Whole(
                text.parse()
                    .map_err(|_| ParseError::new(at, format!("{text} does not fit in 64 bits")))?,
            ),
            TokenKind::Decimal(ref text) => {
                ArgumentKind::Decimal(parse_double(text).ok_or_else(|| unexpected(&token))?)
            }
            TokenKind::Parameter => ArgumentKind::Parameter(self.parameter()?),
            TokenKind::Name(ref name) => match name.as_str() {
                "null" => ArgumentKind::Null,
                _ => {
                    return Err(unexpected(&token).with_help(format!(
                        "write '{name}' for the text, ${{{name}}} for the attribute"
                    )));
                }
            },
            _ => return Err(unexpected(&token).with_help("expected an argument")),
        };
        Ok(Argument { kind, at })
    }
}

fn unknown(name: &str, at: usize) -> ParseError {
    let error = ParseError::new(at, format!("unknown function '{name}'"));
    error.with_help(match similar(name) {
        Some(similar) => format!("did you mean '{similar}'?"),
        None => "\"tutti functions list\" shows all".to_owned(),
    })
}

//! From one node of the tree to the next.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::rc::Rc;

use super::super::Surroundings;
use super::super::shell::{self, Assignment, Direction, List, Node, Redirect, Simple, Target};
use super::scope::{Scope, Value};
use super::{Arg, How, Input, Run, Step};

/// How deep commands may stand in one another, over scripts and text that is run: each level costs stack.
const DEEPEST: usize = 100;

/// The most steps that are gathered.
const MOST: usize = 5_000;

/// The most text that is read, in bytes, over all scripts and text that is run.
const MOST_TEXT: usize = 2 * 1024 * 1024;

/// The most rounds of a loop over known words that are read one by one.
const ROUNDS: usize = 12;

/// The reading of one line.
pub(crate) struct Walk<'w> {
    pub(super) around: &'w Surroundings<'w>,
    pub(super) steps: Vec<Step>,
    pub(super) scope: Rc<Scope>,
    /// What the line itself wrote to files: `None` where that is not known.
    pub(super) written: BTreeMap<PathBuf, Option<String>>,
    /// Files that a command of the line may have made.
    pub(super) touched: BTreeSet<PathBuf>,
    pub(super) input: Input,
    pub(super) how: How,
    /// The variables that functions keep to themselves, with what they were before.
    pub(super) locals: Vec<Vec<(String, Option<Value>)>>,
    /// The functions that we are in.
    pub(super) calls: Vec<Rc<Node>>,
    /// The functions that were read for a command that is not known.
    pub(super) guessed: Vec<Rc<Node>>,
    /// How many scripts we are in.
    pub(super) scripts: usize,
    pipeline: Option<(usize, usize)>,
    pipelines: usize,
    depth: usize,
    text: usize,
    /// The steps are too many.
    overrun: bool,
    /// It was said that not everything is read.
    told: bool,
}

impl<'w> Walk<'w> {
    pub(crate) fn new(around: &'w Surroundings<'w>) -> Self {
        let scope = Scope { dir: Some(around.directory.to_path_buf()), ..Scope::default() };
        Self {
            around,
            steps: Vec::new(),
            scope: Rc::new(scope),
            written: BTreeMap::new(),
            touched: BTreeSet::new(),
            input: Input::Own,
            how: How::default(),
            locals: Vec::new(),
            calls: Vec::new(),
            guessed: Vec::new(),
            scripts: 0,
            pipeline: None,
            pipelines: 0,
            depth: 0,
            text: 0,
            overrun: false,
            told: false,
        }
    }

    /// Everything that a line of shell text does.
    pub(crate) fn line(mut self, text: &str) -> Vec<Step> {
        self.shell_text(text);
        self.steps
    }

    /// Everything that a command does which is run without a shell.
    pub(crate) fn words(mut self, words: &[String]) -> Vec<Step> {
        self.run(words.iter().map(|word| Arg::literal(word)).collect(), Vec::new(), Vec::new());
        self.steps
    }

    /// Text that runs as shell text.
    pub(super) fn shell_text(&mut self, text: &str) {
        self.text = self.text.saturating_add(text.len()).saturating_add(1);
        let read = if self.text > MOST_TEXT { Err(shell::Refused) } else { shell::read(text) };
        if let Ok(list) = read {
            self.list(&list);
        } else {
            self.push(Step::Unread(text.to_owned()));
            // It may have set anything.
            self.scope_mut().variables.clear();
        }
    }

    pub(super) fn scope_mut(&mut self) -> &mut Scope {
        Rc::make_mut(&mut self.scope)
    }

    pub(super) fn push(&mut self, step: Step) {
        if self.steps.len() < MOST {
            self.steps.push(step);
        } else if !self.overrun {
            self.overrun = true;
            self.unread_rest();
        }
    }

    /// There is more than is read, which is said once.
    fn unread_rest(&mut self) {
        if !std::mem::replace(&mut self.told, true) {
            self.steps.push(Step::Unread(String::new()));
        }
    }

    pub(super) fn push_run(&mut self, make: fn(Run) -> Step, words: Vec<Arg>, sets: Vec<String>, writes: Vec<Arg>) {
        let run = Run {
            words,
            sets,
            writes,
            input: self.input.clone(),
            dir: self.scope.dir.clone(),
            how: self.how,
            pipeline: self.pipeline,
        };
        self.push(make(run));
    }

    /// What it runs is not in the line.
    pub(super) fn opaque(&mut self, words: &[Arg]) {
        self.push_run(Step::Opaque, words.to_vec(), Vec::new(), Vec::new());
    }

    pub(super) fn list(&mut self, list: &List) {
        for node in list {
            self.node(node);
        }
    }

    /// Does something one level deeper; too deep, it counts as unread.
    pub(super) fn deeper(&mut self, what: impl FnOnce(&mut Self)) {
        if self.overrun {
            return;
        }
        if self.depth >= DEEPEST {
            self.unread_rest();
            return;
        }
        self.depth = self.depth.saturating_add(1);
        what(self);
        self.depth = self.depth.saturating_sub(1);
    }

    /// Does something that is told to come about in another way.
    pub(super) fn as_if(&mut self, change: impl FnOnce(&mut How), what: impl FnOnce(&mut Self)) {
        let before = self.how;
        change(&mut self.how);
        what(self);
        self.how = before;
    }

    /// Does something with another standard input.
    pub(super) fn fed(&mut self, input: Input, what: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.input, input);
        what(self);
        self.input = before;
    }

    /// Does something in a shell of its own, which keeps what it sets to itself.
    pub(super) fn apart(&mut self, what: impl FnOnce(&mut Self)) {
        let before = Rc::clone(&self.scope);
        let pipeline = self.pipeline;
        what(self);
        self.scope = before;
        self.pipeline = pipeline;
    }

    /// Does something in another shell: it does not have the variables of this one, and the environment is not known.
    pub(super) fn child(&mut self, what: impl FnOnce(&mut Self)) {
        self.apart(|walk| {
            let scope = walk.scope_mut();
            scope.variables.clear();
            scope.aliases.clear();
            what(walk);
        });
    }

    /// Does something that may not happen.
    pub(super) fn perhaps(&mut self, what: impl FnOnce(&mut Self)) {
        let before = Rc::clone(&self.scope);
        self.as_if(|how| how.perhaps = true, what);
        self.settle(&before);
    }

    /// From here on things may be as they were before.
    fn settle(&mut self, before: &Rc<Scope>) {
        if !Rc::ptr_eq(before, &self.scope) {
            self.scope = Rc::new(before.or(&self.scope));
        }
    }

    pub(super) fn node(&mut self, node: &Node) {
        self.deeper(|walk| walk.node_here(node));
    }

    fn node_here(&mut self, node: &Node) {
        match node {
            Node::Simple(simple) => self.simple(simple),
            Node::Chain { first, rest } => self.chain(first, rest),
            Node::Pipeline(commands) => self.pipeline(commands),
            Node::Group { body, redirects, own: false } => self.redirected(redirects, |walk| walk.list(body)),
            Node::Group { body, redirects, own: true } => {
                self.redirected(redirects, |walk| walk.apart(|walk| walk.list(body)));
            }
            Node::Perhaps { words, parts, redirects, again } => {
                self.push(Step::Tests);
                for word in words {
                    self.arithmetic(word);
                }
                self.redirected(redirects, |walk| {
                    let rounds = if *again { 2 } else { 1 };
                    for _ in 0..rounds {
                        for part in parts {
                            walk.perhaps(|walk| walk.list(part));
                        }
                    }
                });
            }
            Node::For { name, words, body, redirects } => {
                self.push(Step::Tests);
                let values = match words {
                    Some(words) => words.iter().flat_map(|word| self.expand(word)).collect(),
                    None => vec![Arg::unknown("$@")],
                };
                self.redirected(redirects, |walk| walk.rounds(name, &values, body));
            }
            Node::Function { name, body } => {
                self.push(Step::Tests);
                self.scope_mut().functions.insert(name.clone(), vec![Rc::clone(body)]);
                // A shell calls these itself.
                if matches!(
                    name.as_str(),
                    "command_not_found_handle" | "command_not_found_handler" | "precmd" | "preexec"
                ) {
                    self.perhaps(|walk| walk.node(body));
                }
            }
        }
    }

    fn chain(&mut self, first: &Node, rest: &[(bool, Node)]) {
        self.node(first);
        let sure = Rc::clone(&self.scope);
        for (or, node) in rest {
            if *or {
                self.perhaps(|walk| walk.node(node));
            } else {
                self.node(node);
            }
        }
        self.settle(&sure);
    }

    fn pipeline(&mut self, commands: &[Node]) {
        let before = Rc::clone(&self.scope);
        let number = self.pipelines;
        self.pipelines = self.pipelines.saturating_add(1);
        let outer = self.pipeline;
        let mut input = self.input.clone();
        for (place, command) in commands.iter().enumerate() {
            let from = self.steps.len();
            self.scope = Rc::clone(&before);
            self.pipeline = Some((number, place));
            self.fed(input, |walk| walk.node(command));
            input = self.said(from);
        }
        self.pipeline = outer;
        // Some shells run the last of them themselves.
        self.settle(&before);
    }

    /// The rounds of a loop over words. Where they are not known, or many, the variable is not known.
    fn rounds(&mut self, name: &str, values: &[Arg], body: &List) {
        let known: Option<Vec<String>> = values.iter().map(Arg::known_or_pattern).collect();
        let known = known.filter(|known| known.len() <= ROUNDS).unwrap_or_default();
        let mut round = |value: Value| {
            self.perhaps(|walk| {
                walk.scope_mut().variables.insert(name.to_owned(), value);
                walk.list(body);
            });
        };
        if known.is_empty() {
            round(None);
            round(None);
        }
        for value in known.iter().chain(known.first()) {
            round(Some(vec![value.clone()]));
        }
        self.scope_mut().variables.insert(name.to_owned(), None);
    }

    /// Does something in a function: what that declares as its own is as before when it ends.
    pub(super) fn in_function(&mut self, what: impl FnOnce(&mut Self)) {
        self.locals.push(Vec::new());
        what(self);
        let before = self.locals.pop().unwrap_or_default();
        self.restore(before);
    }

    /// Does something with redirections, which may write files.
    fn redirected(&mut self, redirects: &[Redirect], what: impl FnOnce(&mut Self)) {
        let (input, writes) = self.redirects(redirects);
        if !writes.is_empty() {
            self.push_run(Step::Run, Vec::new(), Vec::new(), writes);
        }
        match input {
            Some(input) => self.fed(input, what),
            None => what(self),
        }
    }

    /// What is read, where that is said, and what is written to.
    fn redirects(&mut self, redirects: &[Redirect]) -> (Option<Input>, Vec<Arg>) {
        let mut input = None;
        let mut writes = Vec::new();
        for redirect in redirects {
            let mut args = match &redirect.target {
                Target::Word(word) => self.expand(word),
                Target::Here(body) => body.get().map(|word| self.expand_whole(word)).into_iter().collect(),
            };
            let Some(arg) = args.pop() else { continue };
            let read = match redirect.direction {
                Direction::Out => {
                    writes.push(arg);
                    continue;
                }
                Direction::Text => Input::Text(arg.text),
                Direction::In => Self::input_from(arg),
                Direction::Copy => self.descriptor(&arg.text),
            };
            match &redirect.descriptor {
                Some(number) => _ = self.scope_mut().descriptors.insert(number.clone(), read),
                None => input = Some(read),
            }
        }
        (input, writes)
    }

    /// What is read from a descriptor. Of one that the line did not open nobody knows it.
    pub(super) fn descriptor(&self, number: &str) -> Input {
        match number.trim_end_matches('-') {
            "0" => self.input.clone(),
            "" => Input::Text(String::new()),
            number => self.scope.descriptors.get(number).cloned().unwrap_or(Input::Unknown),
        }
    }

    fn input_from(arg: Arg) -> Input {
        match arg.process {
            Some(process) => *process,
            None => Input::File(Box::new(arg)),
        }
    }

    fn simple(&mut self, simple: &Simple) {
        let words: Vec<Arg> = simple.words.iter().flat_map(|word| self.expand(word)).collect();
        let lasts = simple.words.is_empty();
        let mut sets = Vec::new();
        let mut before = Vec::new();
        for assignment in &simple.assignments {
            let value = self.value(assignment);
            before.push((assignment.name.clone(), self.scope.variables.get(&assignment.name).cloned()));
            self.set(&assignment.name, value);
            if lasts {
                self.push(Step::Sets(assignment.name.clone()));
            }
            sets.push(assignment.name.clone());
        }
        let (input, writes) = self.redirects(&simple.redirects);
        let input = input.unwrap_or_else(|| self.input.clone());
        // What `exec` alone is given stays for what comes after.
        if matches!(words.as_slice(), [word] if word.text == "exec") {
            self.input = input.clone();
        }
        self.fed(input, |walk| {
            if !words.is_empty() {
                walk.run(words, sets, writes);
            } else if !writes.is_empty() {
                walk.push_run(Step::Run, Vec::new(), Vec::new(), writes);
            }
        });
        if !lasts {
            self.restore(before);
        }
    }

    /// Sets variables back to what they were.
    fn restore(&mut self, before: Vec<(String, Option<Value>)>) {
        for (name, before) in before.into_iter().rev() {
            let variables = &mut self.scope_mut().variables;
            match before {
                Some(value) => _ = variables.insert(name, value),
                None => _ = variables.remove(&name),
            }
        }
    }

    /// What an assignment gives a variable. What runs in it runs.
    fn value(&mut self, assignment: &Assignment) -> Value {
        let mut values: Vec<Arg> = Vec::new();
        for word in &assignment.values {
            if assignment.array {
                values.append(&mut self.expand(word));
            } else {
                values.push(self.expand_whole(word));
            }
        }
        for value in &values {
            self.variable_hides(&assignment.name, value);
        }
        let known = values.iter().map(|value| value.known().map(ToOwned::to_owned)).collect();
        if assignment.partly { None } else { known }
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        let scope = self.scope_mut();
        let value = value.filter(|_| !scope.strange.contains(name));
        scope.variables.insert(name.to_owned(), value);
    }
}

//! What an expression refers to, written as a plan's JSON writes it, and what it is where it is a literal.

use std::collections::BTreeSet;

use hcl_edit::expr::{Expression, ForExpr, ObjectKey, Traversal, TraversalOperator};
use hcl_edit::template::{Element, ForTemplateExpr};
use hcl_edit::visit::{Visit, visit_expr, visit_template};

/// The references of an expression: each as far as it is constant, so `aws_subnet.a[each.key].id` is two, `aws_subnet.a`
/// and `each.key`. `bound` names what a surrounding block binds, such as a `dynamic` block's iterator.
pub(super) fn references(expression: &Expression, bound: &[String]) -> Vec<String> {
    let mut finder = Finder { found: BTreeSet::new(), bound: bound.to_vec() };
    finder.visit_expr(expression);
    finder.found.into_iter().collect()
}

struct Finder {
    found: BTreeSet<String>,
    bound: Vec<String>,
}

impl Finder {
    fn inside(&mut self, names: [Option<&str>; 2], visit: impl FnOnce(&mut Self)) {
        let before = self.bound.len();
        self.bound.extend(names.into_iter().flatten().map(str::to_owned));
        visit(self);
        self.bound.truncate(before);
    }
}

impl Visit for Finder {
    fn visit_expr(&mut self, expression: &Expression) {
        match expression {
            // `self`, a type's name, a variable of a `for`: one name alone refers to no block.
            Expression::Variable(_) => {}
            other => visit_expr(self, other),
        }
    }

    fn visit_traversal(&mut self, traversal: &Traversal) {
        let mut reference = None;
        if let Expression::Variable(root) = &traversal.expr {
            reference = Some(root.as_str().to_owned()).filter(|root| !self.bound.contains(root));
        } else {
            self.visit_expr(&traversal.expr);
        }
        let mut is_constant = true;
        for operator in &traversal.operators {
            if let TraversalOperator::Index(index) = operator.value() {
                self.visit_expr(index);
            }
            // The text grows in place: a hostile file has a million steps.
            match (step(operator.value()).filter(|_| is_constant), &mut reference) {
                (Some(step), Some(text)) => text.push_str(&step),
                (None, _) => is_constant = false,
                (Some(_), None) => {}
            }
        }
        self.found.extend(reference.filter(|reference| reference.contains('.')));
    }

    fn visit_for_expr(&mut self, for_expr: &ForExpr) {
        let intro = &for_expr.intro;
        self.visit_expr(&intro.collection_expr);
        let key = intro.key_var.as_ref().map(|name| name.as_str());
        self.inside([key, Some(intro.value_var.as_str())], |inner| {
            for_expr.key_expr.iter().for_each(|key| inner.visit_expr(key));
            inner.visit_expr(&for_expr.value_expr);
            for_expr.cond.iter().for_each(|cond| inner.visit_expr(&cond.expr));
        });
    }

    fn visit_for_template_expr(&mut self, for_expr: &ForTemplateExpr) {
        self.visit_expr(&for_expr.collection_expr);
        let key = for_expr.key_var.as_ref().map(|name| name.as_str());
        self.inside([key, Some(for_expr.value_var.as_str())], |inner| visit_template(inner, &for_expr.template));
    }
}

/// A step as an address has it; `None` where it is not constant, or a splat.
fn step(operator: &TraversalOperator) -> Option<String> {
    match operator {
        TraversalOperator::GetAttr(name) => Some(format!(".{}", name.as_str())),
        TraversalOperator::LegacyIndex(index) => Some(format!("[{}]", index.value())),
        TraversalOperator::Index(Expression::Number(index)) => index.value().as_u64().map(|index| format!("[{index}]")),
        TraversalOperator::Index(Expression::String(key)) => {
            Some(format!("[\"{}\"]", key.as_str().replace('\\', r"\\").replace('"', "\\\"")))
        }
        _ => None,
    }
}

/// The reference that the expression as a whole is: an address, a name, or the text of one.
pub(super) fn reference(expression: &Expression) -> Option<String> {
    match expression {
        Expression::Variable(name) => Some(name.as_str().to_owned()),
        Expression::String(text) => Some(text.as_str().to_owned()),
        Expression::Parenthesis(inner) => reference(inner.inner()),
        Expression::Traversal(traversal) => {
            let steps: Option<String> = traversal.operators.iter().map(|operator| step(operator.value())).collect();
            Some(reference(&traversal.expr).filter(|_| matches!(traversal.expr, Expression::Variable(_)))? + &steps?)
        }
        _ => None,
    }
}

/// The same for each of a list, or for the one that stands alone.
pub(super) fn list_of_references(expression: &Expression) -> Vec<String> {
    match expression {
        Expression::Array(items) => items.iter().filter_map(reference).collect(),
        other => reference(other).into_iter().collect(),
    }
}

/// The text, where it is a literal.
pub(super) fn text(expression: &Expression) -> Option<String> {
    match expression {
        Expression::String(text) => Some(text.as_str().to_owned()),
        Expression::Parenthesis(inner) => text(inner.inner()),
        Expression::HeredocTemplate(heredoc) => heredoc
            .template
            .iter()
            .map(|element| match element {
                Element::Literal(part) => Some(part.as_str()),
                _ => None,
            })
            .collect(),
        _ => None,
    }
}

/// The texts of a literal list, or the one literal text.
pub(super) fn texts(expression: &Expression) -> Option<Vec<String>> {
    match expression {
        Expression::Array(items) => items.iter().map(text).collect(),
        other => text(other).map(|one| vec![one]),
    }
}

/// It is literally true; the tool takes the text for the flag.
pub(super) fn is_true(expression: &Expression) -> bool {
    expression.as_bool() == Some(true) || expression.as_str() == Some("true")
}

/// It is literally false.
pub(super) fn is_false(expression: &Expression) -> bool {
    expression.as_bool() == Some(false) || expression.as_str() == Some("false")
}

/// The members of an object whose keys are all plain names; `None` where one is computed and might be any.
pub(super) fn members(expression: &Expression) -> Option<Vec<(String, &Expression)>> {
    let Expression::Object(object) = expression else { return None };
    let one = |(key, value): (&ObjectKey, _)| {
        let name = match key {
            ObjectKey::Ident(name) | ObjectKey::Expression(Expression::Variable(name)) => name.as_str(),
            ObjectKey::Expression(Expression::String(name)) => name.as_str(),
            ObjectKey::Expression(_) => return None,
        };
        Some((name.to_owned(), hcl_edit::expr::ObjectValue::expr(value)))
    };
    object.iter().map(one).collect()
}

//! What others call an object: its physical id, and the ARN that is made of it.

/// A row a type: the ARN of objects of it.
const ARNS: &str = include_str!("arns.tsv");

/// Where a stack is, as its own ARN tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) partition: String,
    pub(super) region: String,
    pub(super) account: String,
}

impl Place {
    /// Reads `arn:PARTITION:cloudformation:REGION:ACCOUNT:stack/…`.
    pub(super) fn of(stack: &str) -> Option<Self> {
        let parts: Vec<&str> = stack.splitn(6, ':').collect();
        let ["arn", partition, "cloudformation", region, account, _] = parts.as_slice() else { return None };
        let [partition, region, account] = [partition, region, account].map(|part| (*part).to_owned());
        Some(Self { partition, region, account })
    }

    /// Fills a form in.
    fn fill(&self, form: &str, id: &str) -> String {
        let filled = form.replace("{p}", &self.partition).replace("{r}", &self.region).replace("{a}", &self.account);
        filled.replace("{id}", id)
    }
}

/// An object's ids, its physical one first.
pub(super) fn of(kind: &str, physical: &str, place: Option<&Place>) -> Vec<String> {
    let mut ids = vec![physical.to_owned()];
    let Some(place) = place else { return ids };
    if kind == "AWS::SQS::Queue" {
        // The physical id is the queue's URL.
        let name = physical.strip_prefix("https://").and_then(|url| url.rsplit('/').next());
        ids.extend(name.map(|name| place.fill("arn:{p}:sqs:{r}:{a}:{id}", name)));
    }
    ids.extend(form(kind).map(|form| place.fill(form, physical.trim_start_matches('/'))));
    ids
}

fn form(kind: &str) -> Option<&'static str> {
    let rows = ARNS.lines().filter(|row| !row.starts_with('#'));
    rows.filter_map(|row| row.split_once('\t')).find(|(name, _)| *name == kind).map(|(_, form)| form)
}

#[cfg(test)]
mod tests {
    use super::{ARNS, Place, of};

    fn place() -> Option<Place> {
        Place::of("arn:aws-cn:cloudformation:cn-north-1:111122223333:stack/orders/5a9b")
    }

    #[test]
    fn ids_are_the_physical_one_and_the_arn() {
        for (kind, physical, arn) in [
            ("AWS::S3::Bucket", "acme-receipts", "arn:aws-cn:s3:::acme-receipts"),
            ("AWS::DynamoDB::Table", "orders", "arn:aws-cn:dynamodb:cn-north-1:111122223333:table/orders"),
            ("AWS::SSM::Parameter", "/app/key", "arn:aws-cn:ssm:cn-north-1:111122223333:parameter/app/key"),
            (
                "AWS::SQS::Queue",
                "https://sqs.cn-north-1.amazonaws.com.cn/111122223333/jobs",
                "arn:aws-cn:sqs:cn-north-1:111122223333:jobs",
            ),
        ] {
            assert_eq!(of(kind, physical, place().as_ref()), [physical, arn]);
        }
        assert_eq!(of("AWS::SNS::Topic", "arn:aws:sns:eu-west-1:1:t", place().as_ref()).len(), 1);
        assert_eq!(of("AWS::S3::Bucket", "b", None), ["b"]);
        assert_eq!(Place::of("<stack-id:1>"), None);
    }

    #[test]
    fn rows_are_sorted_and_of_known_types() {
        let rows: Vec<&str> = ARNS.lines().filter(|row| !row.starts_with('#')).collect();
        assert!(rows.is_sorted());
        for row in rows {
            let (kind, form) = row.split_once('\t').unwrap();
            assert_ne!(crate::catalog::lookup(kind).basis, crate::catalog::Basis::Unknown, "{kind}");
            assert!(form.starts_with("arn:{p}:") && form.contains("{id}"), "{row}");
        }
    }
}

resource "aws_iam_user" "people" {
  # In place of count, of count.index and of the list.
  for_each = {
    "ben" = {
      tags = {
        "mail" = "ben@acme.example"
      }
    }
    "eva" = {
      tags = {
        "mail" = "eva@acme.example"
      }
    }
  }
  name = each.key
  tags = each.value.tags
}
moved {
  from = aws_iam_user.people[0]
  to   = aws_iam_user.people["ada"]
}
moved {
  from = aws_iam_user.people[1]
  to   = aws_iam_user.people["ben"]
}
moved {
  from = aws_iam_user.people[2]
  to   = aws_iam_user.people["eva"]
}

moved {
  from = aws_secretsmanager_secret.app["a.b[0]"]
  to   = aws_secretsmanager_secret.web["a.b[1]"]
}
moved {
  from = aws_secretsmanager_secret.app["back\\slash"]
  to   = aws_secretsmanager_secret.web["back\\slash"]
}
moved {
  from = aws_secretsmanager_secret.app["cost $${x} %%{y}"]
  to   = aws_secretsmanager_secret.web["cost $${x} %%{y}"]
}
moved {
  from = aws_secretsmanager_secret.app["say \"hi\""]
  to   = aws_secretsmanager_secret.web["say \"hi\""]
}

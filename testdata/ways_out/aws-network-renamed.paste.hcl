moved {
  from = aws_route_table.private
  to   = aws_route_table.inner
}
moved {
  from = aws_subnet.private
  to   = aws_subnet.inner
}
moved {
  from = aws_vpc.main
  to   = aws_vpc.core
}

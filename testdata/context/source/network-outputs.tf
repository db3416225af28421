output "vpc_id" { value = aws_vpc.main.id }
output "subnet_ids" { value = [aws_subnet.a.id, aws_subnet.b.id] }
output "private_subnet_id" { value = aws_subnet.a.id }
output "group_id" { value = aws_security_group.shared.id }
output "group_name" { value = aws_security_group.shared.name }
output "region" { value = "eu-west-1" }

output "cluster_id" { value = aws_eks_cluster.main.id }
output "cluster_name" { value = aws_eks_cluster.main.name }
output "cluster_endpoint" { value = aws_eks_cluster.main.endpoint }
output "database_address" { value = aws_db_instance.orders.address }
output "database_password" {
  value     = var.password
  sensitive = true
}
output "queue_arn" { value = aws_sqs_queue.events.arn }

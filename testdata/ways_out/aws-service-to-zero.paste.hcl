resource "aws_ecs_service" "shop" {
  desired_count = 6
}

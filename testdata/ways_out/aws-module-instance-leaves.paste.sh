terraform state rm 'module.worker["b"].aws_instance.this'

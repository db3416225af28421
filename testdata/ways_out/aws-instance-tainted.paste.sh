terraform untaint 'aws_instance.app["b"]'

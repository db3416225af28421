terraform state rm 'aws_lambda_function.resize["large"]' 'aws_lambda_function.resize["small"]'

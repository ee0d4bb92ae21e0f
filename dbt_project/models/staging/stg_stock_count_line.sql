{{ stage('stock_count_line') }}

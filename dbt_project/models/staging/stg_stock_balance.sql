{{ stage('stock_balance') }}

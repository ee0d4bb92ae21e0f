{{ stage('item') }}

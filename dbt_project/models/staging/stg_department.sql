{{ stage('department') }}

"""The table of declined operations: verb, address below the subscription, client package, its name for the call.

Tabs between the columns.  Queries hold only what tells operations apart.
"""

from typing import Final

TABLE: Final = """\
PUT	/cloudservices/{cloud_service_name}/resources/HDInsight/clusters/{cluster_name}	hdinsight	ClusterOperations.beginCreating
PUT	/cloudservices/{cloud_service_name}/resources/HDInsight/iaasclusters/{cluster_name}	hdinsight	ClusterOperations.beginCreating.2
DELETE	/cloudservices/{cloud_service_name}/resources/hdinsight/clusters/{cluster_name}	hdinsight	ClusterOperations.beginDeleting
DELETE	/cloudservices/{cloud_service_name}/resources/hdinsight/iaasclusters/{cluster_name}	hdinsight	ClusterOperations.beginDeleting.2
DELETE	/CloudServices/{cloud_service_name}/resources/{resource_provider_namespace}/{resource_provider_type}/{resource_provider_name}	store	AddOnOperations.beginDeleting
PUT	/CloudServices/{cloud_service_name}/resources/{type}/{resource_name}/{add_on_name}	store	AddOnOperations.beginCreating
POST	/api/command	website	CommandsOperations.invoke
GET	/api/deployments	website	DeploymentOperations.list
GET	/api/deployments/{deployment_id}	website	DeploymentOperations.get
PUT	/api/deployments/{deployment_id}	website	DeploymentOperations.redeploy
GET	/api/deployments/{deployment_id}/log	website	DeploymentOperations.listLogs
GET	/api/deployments/{deployment_id}/log/{deployment_log_id}	website	DeploymentOperations.getLog
GET	/api/diagnostics/settings	website	DiagnosticOperations.getSettings
POST	/api/diagnostics/settings	website	DiagnosticOperations.updateSettings
GET	/api/jobs/continuous	website	ContinuousWebJobOperations.list
DELETE	/api/jobs/continuous/{job_name}	website	ContinuousWebJobOperations.deleteMethod
GET	/api/jobs/continuous/{job_name}	website	ContinuousWebJobOperations.get
PUT	/api/jobs/continuous/{job_name}	website	ContinuousWebJobOperations.uploadFile
GET	/api/jobs/continuous/{job_name}/settings	website	ContinuousWebJobOperations.getSettings
PUT	/api/jobs/continuous/{job_name}/settings	website	ContinuousWebJobOperations.setSettings
POST	/api/jobs/continuous/{job_name}/start	website	ContinuousWebJobOperations.start
POST	/api/jobs/continuous/{job_name}/stop	website	ContinuousWebJobOperations.stop
GET	/api/jobs/triggered	website	TriggeredWebJobOperations.list
DELETE	/api/jobs/triggered/{job_name}	website	TriggeredWebJobOperations.deleteMethod
GET	/api/jobs/triggered/{job_name}	website	TriggeredWebJobOperations.get
PUT	/api/jobs/triggered/{job_name}	website	TriggeredWebJobOperations.uploadFile
GET	/api/jobs/triggered/{job_name}/history	website	TriggeredWebJobOperations.listRuns
GET	/api/jobs/triggered/{job_name}/history/{job_run_id}	website	TriggeredWebJobOperations.getRun
POST	/api/jobs/triggered/{job_name}/run	website	TriggeredWebJobOperations.run
GET	/api/jobs/triggered/{job_name}/settings	website	TriggeredWebJobOperations.getSettings
PUT	/api/jobs/triggered/{job_name}/settings	website	TriggeredWebJobOperations.setSettings
DELETE	/api/scm	website	RepositoryOperations.deleteMethod
GET	/api/settings	website	SettingsOperations.list
POST	/api/settings	website	SettingsOperations.update
DELETE	/api/settings/{setting_id}	website	SettingsOperations.deleteMethod
GET	/api/settings/{setting_id}	website	SettingsOperations.get
"""
